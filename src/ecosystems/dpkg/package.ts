import type { InstalledPackage, NameVersion, OsRelease } from '../contract.ts';
import { packageUrl } from '../purl.ts';
import type { DpkgRecord } from './facts.ts';
import { debVersions } from './versions.ts';

/** The part of an installed package that its record tells; where it was found comes on top. */
export type PackageIdentity = Omit<InstalledPackage, 'locations'>;

/** What a record is worth. */
export type Judged =
  | { readonly kind: 'package'; readonly identity: PackageIdentity; readonly problem: string | undefined }
  | { readonly kind: 'not-installed' }
  /** Not fit to be a package at all: it is reported, never matched and never changed. */
  | { readonly kind: 'invalid'; readonly problem: string };

const namePattern = /^[a-z0-9][a-z0-9+.-]{0,254}$/;
const archPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Judges one record. Installed is what has files in the image: every state but `not-installed` and `config-files`.
 * A version that does not parse leaves a package in the inventory, with the problem told, because local packages
 * with odd versions are real.
 */
export function judgeRecord(record: DpkgRecord, needsStatus: boolean, os: OsRelease | undefined): Judged {
  const [want, , state] = (record.status ?? (needsStatus ? '' : 'install ok installed')).split(' ');
  if (record.oversized) return { kind: 'invalid', problem: 'a field is longer than 1 MiB' };
  if (!hasFiles(record)) return { kind: 'not-installed' };
  if (state === undefined || state === '') return { kind: 'invalid', problem: 'its status is missing or malformed' };
  if (!namePattern.test(record.name)) return { kind: 'invalid', problem: 'its name is outside the grammar' };
  if (record.arch !== '' && !archPattern.test(record.arch)) {
    return { kind: 'invalid', problem: 'its architecture is outside the grammar' };
  }
  if (record.version === '') return { kind: 'invalid', problem: 'it has no version' };
  const source = sourceOf(record);
  if (!namePattern.test(source.name)) return { kind: 'invalid', problem: 'its source name is outside the grammar' };
  const valid = debVersions.valid(record.version) && debVersions.valid(source.version);
  return {
    kind: 'package',
    identity: identityOf(record, source, want === 'hold', os),
    problem: valid ? undefined : 'its version is outside the grammar; it cannot be compared',
  };
}

/** Whether a record, valid or not, is one of a package whose files are there. */
export function hasFiles(record: DpkgRecord): boolean {
  const state = record.status?.split(' ')[2];
  return state !== 'not-installed' && state !== 'config-files';
}

function identityOf(
  record: DpkgRecord,
  source: NameVersion,
  held: boolean,
  os: OsRelease | undefined,
): PackageIdentity {
  const { name, version } = record;
  const arch = record.arch === '' ? null : record.arch;
  const distro = os && `${os.id}-${os.versionId ?? os.codename ?? 'rolling'}`;
  const purl = packageUrl({ type: 'deb', namespace: os?.id, name, version, qualifiers: { arch, distro } });
  return { purl, type: 'deb', name, version, arch, source, ownedBy: null, held };
}

/** `Source: name (version)`; a missing version is the binary's, a missing field its name too. */
function sourceOf({ name, version, source }: DpkgRecord): NameVersion {
  if (source === '') return { name, version };
  const open = source.indexOf('(');
  if (open < 0) return { name: source, version };
  const close = source.indexOf(')', open);
  const inner = close < 0 ? source.slice(open + 1) : source.slice(open + 1, close);
  return { name: source.slice(0, open).trim(), version: inner.trim() };
}
