import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../arch/source-tree.ts';
import { mustRun } from './run.ts';

const runLarge = promisify(execFile);

/** Folder of data that checkouts share; undefined where this machine has none. */
export function sharedFolder(name: string): string | undefined {
  const path = join(process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared'), name);
  return existsSync(path) ? path : undefined;
}

/** A package version as the oracle takes it. */
export interface RpmQuestion {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** `name:stream`; null outside of modules, empty for a module's build without label. */
  readonly stream: string | null;
}

/** What the oracle says of it: nearest fix by CVE. */
export interface RpmAnswer extends RpmQuestion {
  readonly cves: Readonly<Record<string, string>>;
}

/** Asks `test/integration/oracle/rpm-matches.py`. */
export async function askRpmOracle(osv: string, mode: 'sample' | 'inventory', argument: string): Promise<RpmAnswer[]> {
  const oracle = join(root, 'test/integration/oracle/rpm-matches.py');
  const { stdout } = await runLarge('python3', [oracle, osv, mode, argument], { maxBuffer: 512 * 1024 * 1024 });
  return JSON.parse(stdout) as RpmAnswer[];
}

/** A source package to build: its binary packages may have epochs and versions of their own. */
export interface RpmSource {
  readonly name: string;
  readonly epoch?: number;
  readonly version: string;
  readonly release: string;
  readonly vendor: string;
  readonly module?: string;
  readonly packages: readonly {
    readonly name: string;
    readonly epoch?: number;
    readonly version?: string;
    /** Absolute paths. */
    readonly files?: readonly string[];
  }[];
}

/** Builds the binary packages of sources with rpmbuild; returns their files. */
export async function buildRpms(directory: string, sources: readonly RpmSource[]): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  for (const [index, source] of sources.entries()) {
    const spec = join(directory, `${index}.spec`);
    await writeFile(spec, specOf(source));
    const defines = ['_topdir', '_build_id_links'].flatMap((name) => [
      '--define',
      `${name} ${name === '_topdir' ? directory : 'none'}`,
    ]);
    await mustRun('rpmbuild', ['-bb', '--quiet', '--target', 'x86_64', '--nodeps', ...defines, spec]);
  }
  const { stdout } = await mustRun('find', [join(directory, 'RPMS'), '-name', '*.rpm']);
  return stdout.trim().split('\n').sort();
}

function specOf(source: RpmSource): string {
  const files = source.packages.flatMap((pkg) => pkg.files ?? []);
  return [
    ...[`Name: ${source.name}`, `Version: ${source.version}`, `Release: ${source.release}`],
    ...(source.epoch === undefined ? [] : [`Epoch: ${source.epoch}`]),
    ...(source.module === undefined ? [] : [`ModularityLabel: ${source.module}`]),
    ...['Summary: a package of a test', 'License: MIT'],
    // Without a vendor, rpmbuild would put in this machine's.
    ...(source.vendor === '' ? [] : [`Vendor: ${source.vendor}`]),
    ...['AutoReqProv: no', '%description', 'It has the name and version of a real one.', '%install'],
    ...files.map((file) => `mkdir -p "%{buildroot}$(dirname "${file}")" && echo content > "%{buildroot}${file}"`),
    ...source.packages.flatMap((pkg) => {
      const own = pkg.name === source.name;
      const heading = own ? [] : [`%package -n ${pkg.name}`, 'Summary: a part of it'];
      const epoch = pkg.epoch === undefined ? [] : [`Epoch: ${pkg.epoch}`];
      const version = pkg.version === undefined ? [] : [`Version: ${pkg.version}`];
      const text = own ? [] : [`%description -n ${pkg.name}`, 'Part.'];
      return [...heading, ...epoch, ...version, ...text];
    }),
    ...source.packages.flatMap((pkg) => [
      pkg.name === source.name ? '%files' : `%files -n ${pkg.name}`,
      ...(pkg.files ?? []).map((file) => `"${file}"`),
    ]),
  ].join('\n');
}

/** Installs packages, or newer versions of them, into a root file system, database at `dbPath` inside it, by rpm itself. */
export async function installRpms(rootfs: string, dbPath: string, files: readonly string[]): Promise<void> {
  await mkdir(join(rootfs, dbPath), { recursive: true });
  const options = ['--root', rootfs, '--dbpath', dbPath, '--nodeps', '--ignorearch', '--force-debian', '--noscripts'];
  await mustRun('rpm', [...options, '-U', ...files]);
}

/** What rpm itself says of a database: one line a package or file. */
export async function rpmQuery(database: string, format: string): Promise<string[]> {
  const { stdout } = await mustRun('rpm', ['--dbpath', database, '-qa', '--qf', format]);
  return stdout.split('\n').filter((line) => line !== '');
}
