import type { InstalledPackage, NameVersion, OsRelease } from '../contract.ts';
import { packageUrl } from '../purl.ts';
import type { RpmRecord } from './database/record.ts';
import { streamOf } from './modules.ts';
import { isForeign } from './vendors.ts';
import { rpmVersions } from './versions.ts';

/** The part of an installed package that its record tells; where it was found comes on top. */
export type PackageIdentity = Omit<InstalledPackage, 'locations'>;

/** What a record is worth. */
export type Judged =
  | { readonly kind: 'package'; readonly identity: PackageIdentity; readonly problem: string | undefined }
  /** Not fit to be a package at all: it is reported and never matched. */
  | { readonly kind: 'invalid'; readonly problem: string };

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._+~-]{0,254}$/;
const archPattern = /^[A-Za-z0-9_]{1,64}$/;
/** Longest vendor that goes into a package URL. */
const maxVendor = 100;

/** A key of rpm's store of signatures looks like a package and is none. */
export function isPublicKey({ name }: RpmRecord): boolean {
  return name === 'gpg-pubkey';
}

/**
 * Judges one record. A version that does not parse leaves a package in the inventory, with the problem told, because
 * local packages with odd versions are real.
 * @param sourceEpoch epoch of the source package, by `sourceEpochs`
 */
export function judgeRecord(record: RpmRecord, sourceEpoch: string, os: OsRelease | undefined): Judged {
  if (record.oversized) return { kind: 'invalid', problem: 'a field is longer than 4 KiB' };
  if (!namePattern.test(record.name)) return { kind: 'invalid', problem: 'its name is outside the grammar' };
  if (record.arch !== '' && !archPattern.test(record.arch)) {
    return { kind: 'invalid', problem: 'its architecture is outside the grammar' };
  }
  if (record.version === '') return { kind: 'invalid', problem: 'it has no version' };
  const version = withEpoch(record.epoch, plainVersion(record));
  const source = sourceOf(record, sourceEpoch);
  if (source !== null && !namePattern.test(source.name)) {
    return { kind: 'invalid', problem: 'its source name is outside the grammar' };
  }
  const valid = rpmVersions.valid(version) && (source === null || rpmVersions.valid(source.version));
  return {
    kind: 'package',
    identity: {
      purl: purlOf(record, os),
      ...{ type: 'rpm', name: record.name, version },
      arch: record.arch === '' ? null : record.arch,
      ...{ source, ownedBy: null, held: false },
    },
    problem: valid ? undefined : 'its version is outside the grammar; it cannot be compared',
  };
}

/** What makes two records the same package. */
export function recordKey({ name, epoch, version, release, arch }: RpmRecord): string {
  return [name, epoch, version, release, arch].join('\n');
}

/**
 * Tells the epoch of each record's source package, which no record holds. It is that of the binary package with the
 * source's name; else the lowest of those that share the source's version and release (`mod_ssl` raises its own over
 * that of `httpd`); else the record's own.
 */
export function sourceEpochs(records: readonly RpmRecord[]): (record: RpmRecord) => string {
  const epochs = new Map<string, { epoch: string; named: boolean }>();
  for (const record of records) {
    const source = splitSource(record.sourceRpm);
    if (source === undefined) continue;
    const named = record.name === source.name;
    const epoch = record.epoch === '' ? '0' : record.epoch;
    const known = epochs.get(record.sourceRpm);
    if (!named && (known?.named === true || plainVersion(record) !== source.version)) continue;
    if (named || known === undefined || Number(epoch) < Number(known.epoch)) {
      epochs.set(record.sourceRpm, { epoch, named });
    }
  }
  return (record) => epochs.get(record.sourceRpm)?.epoch ?? record.epoch;
}

function sourceOf(record: RpmRecord, epoch: string): NameVersion | null {
  const source = splitSource(record.sourceRpm);
  return source === undefined ? null : { name: source.name, version: withEpoch(epoch, source.version) };
}

/** `bash-5.1.8-9.el9.src.rpm` → `bash` and `5.1.8-9.el9`. */
function splitSource(file: string): NameVersion | undefined {
  const ending = ['.src.rpm', '.nosrc.rpm'].find((known) => file.endsWith(known));
  if (ending === undefined) return undefined;
  const text = file.slice(0, -ending.length);
  const at = text.lastIndexOf('-', text.lastIndexOf('-') - 1);
  return at <= 0 ? undefined : { name: text.slice(0, at), version: text.slice(at + 1) };
}

function plainVersion({ version, release }: RpmRecord): string {
  return release === '' ? version : `${version}-${release}`;
}

/** Epoch 0 and none are the same, and written as none. */
function withEpoch(epoch: string, version: string): string {
  return epoch === '' || epoch === '0' ? version : `${epoch}:${version}`;
}

/**
 * Everything that matching needs is in the package URL, because stored packages keep nothing else: the stream of a
 * module's build as `rpmmod`, and the vendor of a build that is not the distribution's.
 */
function purlOf(record: RpmRecord, os: OsRelease | undefined): string {
  const { name, epoch, arch, sourceRpm, vendor } = record;
  const distro = os && `${os.id}-${os.versionId ?? os.codename ?? 'rolling'}`;
  const qualifiers = {
    ...{ arch, distro, upstream: sourceRpm },
    epoch: epoch === '0' ? '' : epoch,
    rpmmod: streamOf(record.module),
    vendor: isForeign(vendor, os?.id) ? vendor.replace(/[^\x20-\x7e]/g, '?').slice(0, maxVendor) : '',
  };
  return packageUrl({ type: 'rpm', namespace: os?.id, name, version: plainVersion(record), qualifiers });
}
