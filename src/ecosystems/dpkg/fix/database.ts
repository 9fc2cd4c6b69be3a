import type { ImageView } from '../../../image/index.ts';
import type { Diagnostic } from '../../../kernel/index.ts';
import type { NameVersion } from '../../contract.ts';
import { readStanzas, type Stanza } from './stanza.ts';

/** One line of a `Conffiles` field. */
export interface ConffileRecord {
  /** Absolute, as packaged. */
  readonly path: string;
  /** MD5 in hex of the version that the package shipped, or `newconffile`. */
  readonly md5: string;
  readonly obsolete: boolean;
  readonly removeOnUpgrade: boolean;
}

/** One record of the package database, installed or not. */
export interface DpkgPackage {
  readonly name: string;
  readonly arch: string;
  readonly version: string;
  /** From `Source: name (version)`; its own name and version otherwise. */
  readonly source: NameVersion;
  /** First word of `Status`: what the administrator wants (`install`, `hold`, `deinstall` …). */
  readonly want: string;
  /** Second word: `ok` or `reinstreq`. */
  readonly flag: string;
  /** Third word: `installed`, `config-files`, `half-installed` … */
  readonly state: string;
  readonly held: boolean;
  readonly essential: boolean;
  readonly multiArch: 'no' | 'same' | 'foreign' | 'allowed';
  /** Values by field name in lower case, one character per byte. */
  readonly fields: ReadonlyMap<string, string>;
  readonly conffiles: readonly ConffileRecord[];
  readonly stanza: Stanza;
  /** Canonical path of the database file that holds the record. */
  readonly file: string;
}

/** The package database of an image, as it stands. */
export interface DpkgDatabase {
  /** `distroless`: one file per package in `status.d`, no status file; no script ever ran there. */
  readonly layout: 'dpkg' | 'distroless';
  /** In the order of the files. */
  readonly packages: readonly DpkgPackage[];
  /** Those whose files are in the image. */
  readonly installed: readonly DpkgPackage[];
  /** Installed record of a name and architecture; `all` and any other architecture of the name are the fall-back. */
  find(name: string, arch: string): DpkgPackage | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Directory of dpkg's database. */
export const adminDirectory = 'var/lib/dpkg';

const packageName = /^[a-z0-9][a-z0-9+.-]{0,254}$/;
const certificateDirectories = ['usr/share/ca-certificates/', 'usr/local/share/ca-certificates/'];
const smallFiles = new Set(['var/cache/debconf/config.dat', 'var/lib/apt/extended_states']);

/** Whether the body of a path is needed to plan, apply or check an upgrade; called for every entry of every layer. */
export function interest(path: string): boolean {
  if (path.startsWith('var/lib/dpkg/')) return interestingDatabaseFile(path.slice(13));
  // Account files, options, certificates, and configuration that an upgrade may have to rename.
  if (path.startsWith('etc/')) return path !== 'etc/udev/hwdb.bin';
  if (smallFiles.has(path)) return true;
  return path.endsWith('.crt') && certificateDirectories.some((directory) => path.startsWith(directory));
}

function interestingDatabaseFile(name: string): boolean {
  if (name.startsWith('info/')) return !name.endsWith('.symbols');
  if (name.startsWith('status.d/') || name.startsWith('triggers/')) return true;
  return name === 'status' || name === 'diversions' || name === 'statoverride';
}

/**
 * Reads the database of the merged view. An image without one gives no packages; damaged records become
 * diagnostics, and `inspectDpkg` says whether the whole can be written.
 */
export function readDatabase(view: ImageView): DpkgDatabase {
  const diagnostics: Diagnostic[] = [];
  const status = view.small(`${adminDirectory}/status`);
  const packages = status ? readRecords(status, `${adminDirectory}/status`, true, diagnostics) : [];
  const distroless = packages.length === 0 && view.children(`${adminDirectory}/status.d`).length > 0;
  if (distroless) {
    for (const name of view.children(`${adminDirectory}/status.d`)) {
      if (name.endsWith('.md5sums')) continue;
      const file = `${adminDirectory}/status.d/${name}`;
      const bytes = view.small(file);
      if (bytes) packages.push(...readRecords(bytes, file, false, diagnostics));
    }
  }
  const installed = packages.filter(({ state }) => state !== 'not-installed' && state !== 'config-files');
  const byName = Map.groupBy(installed, ({ name }) => name);
  return {
    layout: distroless ? 'distroless' : 'dpkg',
    packages,
    installed,
    find(name, arch) {
      const records = byName.get(name) ?? [];
      return (
        records.find((record) => record.arch === arch) ??
        (records.length === 1 && records[0]?.multiArch !== 'same' ? records[0] : undefined)
      );
    },
    diagnostics,
  };
}

function readRecords(bytes: Uint8Array, file: string, needsStatus: boolean, diagnostics: Diagnostic[]): DpkgPackage[] {
  const { stanzas, malformed } = readStanzas(bytes);
  if (malformed > 0) {
    diagnostics.push({ code: 'malformed_database', path: file, message: `${malformed} lines are no fields` });
  }
  const records: DpkgPackage[] = [];
  for (const stanza of stanzas) {
    const record = readRecord(stanza, file, needsStatus);
    if (record) records.push(record);
    else diagnostics.push({ code: 'package_invalid_metadata', path: file, message: 'a record without valid name' });
  }
  return records;
}

/** Makes a record of a stanza; undefined when its name is outside dpkg's grammar. */
export function readRecord(stanza: Stanza, file: string, needsStatus: boolean): DpkgPackage | undefined {
  const fields = new Map<string, string>();
  for (const { name, value } of stanza.fields) {
    const key = name.toLowerCase();
    if (!fields.has(key)) fields.set(key, value);
  }
  const name = fields.get('package') ?? '';
  if (!packageName.test(name)) return undefined;
  const version = fields.get('version') ?? '';
  const words = (fields.get('status') ?? (needsStatus ? '' : 'install ok installed')).split(' ');
  const multiArch = fields.get('multi-arch');
  return {
    name,
    arch: fields.get('architecture') ?? '',
    version,
    source: sourceOf(fields.get('source'), name, version),
    want: words[0] ?? '',
    flag: words[1] ?? '',
    state: words[2] ?? 'not-installed',
    held: words[0] === 'hold',
    essential: fields.get('essential') === 'yes',
    multiArch: multiArch === 'same' || multiArch === 'foreign' || multiArch === 'allowed' ? multiArch : 'no',
    fields,
    conffiles: readConffiles(fields.get('conffiles')),
    stanza,
    file,
  };
}

/** The source package of a binary package from its `Source` field. */
export function sourceOf(field: string | undefined, name: string, version: string): NameVersion {
  if (field === undefined || field === '') return { name, version };
  const open = field.indexOf('(');
  const close = field.indexOf(')', open);
  if (open < 0 || close < 0) return { name: field.trim(), version };
  return { name: field.slice(0, open).trim(), version: field.slice(open + 1, close).trim() };
}

function readConffiles(field: string | undefined): ConffileRecord[] {
  if (field === undefined) return [];
  const records: ConffileRecord[] = [];
  for (const line of field.split('\n')) {
    let rest = line.trim();
    const removeOnUpgrade = rest.endsWith(' remove-on-upgrade');
    if (removeOnUpgrade) rest = rest.slice(0, -18);
    const obsolete = rest.endsWith(' obsolete');
    if (obsolete) rest = rest.slice(0, -9);
    const blank = rest.lastIndexOf(' ');
    if (blank > 0) records.push({ path: rest.slice(0, blank), md5: rest.slice(blank + 1), obsolete, removeOnUpgrade });
  }
  return records;
}
