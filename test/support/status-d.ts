import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './run.ts';

/** How a distroless image is made of an ordinary one. */
export interface StatusDOptions {
  /** Packages that go with all that is only theirs: shells, package tools. */
  readonly without: readonly string[];
  /** File name of a package's record. */
  readonly fileName: (name: string) => string;
}

/**
 * Turns a Debian root file system into the layout of distroless images: one record and one list of checksums per
 * package in `var/lib/dpkg/status.d`, neither status file nor scripts nor lists. Needs root, for owners.
 */
export async function toStatusD(rootTar: string, output: string, scratch: string, options: StatusDOptions) {
  const root = join(scratch, 'distroless');
  await mkdir(root, { recursive: true });
  await mustRun('tar', ['--extract', '--file', rootTar, '--directory', root, '--numeric-owner', '--same-permissions']);
  const admin = join(root, 'var/lib/dpkg');
  const records = (await readFile(join(admin, 'status'), 'utf8')).split('\n\n').filter((record) => record !== '');
  await mkdir(join(admin, 'status.d'));
  const without = new Set(options.without);
  for (const record of records) {
    const { name, base } = infoOf(admin, record);
    if (without.has(name)) {
      await removeFiles(root, base);
      continue;
    }
    const file = join(admin, 'status.d', options.fileName(name));
    await writeFile(file, controlOf(record));
    if (existsSync(`${base}.md5sums`)) await copyFile(`${base}.md5sums`, `${file}.md5sums`);
  }
  for (const name of await readdir(admin)) {
    if (name !== 'status.d') await rm(join(admin, name), { recursive: true });
  }
  await mustRun('tar', ['--create', '--file', output, '--directory', root, '--numeric-owner', '.']);
  await rm(root, { recursive: true });
}

function infoOf(admin: string, record: string): { name: string; base: string } {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(record)?.[1] ?? '';
  const name = field('Package');
  const qualified = join(admin, 'info', `${name}:${field('Architecture')}`);
  return { name, base: existsSync(`${qualified}.list`) ? qualified : join(admin, 'info', name) };
}

/** The record without what only dpkg writes. */
function controlOf(record: string): string {
  return `${record.replace(/^Status: .*\n/m, '').replace(/^Conffiles:\n(?: .*(?:\n|$))*/m, '')}\n`;
}

async function removeFiles(root: string, base: string): Promise<void> {
  const sums = existsSync(`${base}.md5sums`) ? await readFile(`${base}.md5sums`, 'utf8') : '';
  for (const line of sums.split('\n')) if (line !== '') await rm(join(root, line.slice(34)), { force: true });
}
