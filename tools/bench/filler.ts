import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../test/support/run.ts';

/** A tar of files of this system, so that an image has the size of a real application. */
export async function fillerTar(scratch: string, megabytes: number): Promise<string> {
  const names: string[] = [];
  let total = 0;
  for (const name of readdirSync('/usr/lib', { recursive: true, encoding: 'utf8' })) {
    const path = join('/usr/lib', name);
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info?.isFile() || info.size > 40e6) continue;
    total += info.size;
    names.push(path);
    if (total > megabytes * 1e6) break;
  }
  if (names.length === 0) throw new Error('nothing to fill the image with');
  const list = join(scratch, 'list');
  writeFileSync(list, names.join('\n'));
  const tar = join(scratch, 'filler.tar');
  await mustRun('tar', ['--create', '--file', tar, '--transform=s,^/*,opt/app/,', '-P', '--files-from', list]);
  return tar;
}
