import type { InstalledPackage, OsRelease } from '../contract.ts';
import { packageUrl } from '../purl.ts';
import type { ApkRecord } from './installed.ts';
import { apkVersions } from './versions.ts';

/** The part of an installed package that its record tells; where it was found comes on top. */
export type ApkIdentity = Omit<InstalledPackage, 'locations'>;

/** What a record is worth. */
export type JudgedApk =
  | { readonly kind: 'package'; readonly identity: ApkIdentity; readonly problem: string | undefined }
  /** A name for dependencies (`apk add --virtual .build-deps …`): there is nothing behind it. */
  | { readonly kind: 'virtual' }
  | { readonly kind: 'invalid'; readonly problem: string };

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,254}$/;
const virtualPattern = /^\.[A-Za-z0-9_][A-Za-z0-9._+-]{0,253}$/;
const archPattern = /^[a-z0-9_][a-z0-9_-]{0,63}$/;

/** Judges one record; a version that does not parse leaves the package in the inventory, with the problem told. */
export function judgeApkRecord(record: ApkRecord, os: OsRelease | undefined): JudgedApk {
  const { name, version, arch, origin, files } = record;
  if (files === '' && virtualPattern.test(name)) return { kind: 'virtual' };
  if (!namePattern.test(name)) return { kind: 'invalid', problem: 'its name is outside the grammar' };
  if (version === '') return { kind: 'invalid', problem: 'it has no version' };
  if (arch !== '' && !archPattern.test(arch)) {
    return { kind: 'invalid', problem: 'its architecture is outside the grammar' };
  }
  if (origin !== '' && !namePattern.test(origin)) {
    return { kind: 'invalid', problem: 'its origin is outside the grammar' };
  }
  return {
    kind: 'package',
    identity: identityOf(record, os),
    problem: apkVersions.valid(version) ? undefined : 'its version is outside the grammar; it cannot be compared',
  };
}

function identityOf(record: ApkRecord, os: OsRelease | undefined): ApkIdentity {
  const { name, version } = record;
  const arch = record.arch === '' ? null : record.arch;
  const distro = os && `${os.id}-${os.versionId ?? 'rolling'}`;
  // purl-spec: names of this type are in lower case.
  const lower = name.toLowerCase();
  const purl = packageUrl({ type: 'apk', namespace: os?.id, name: lower, version, qualifiers: { arch, distro } });
  // All packages of an origin are built together: they have its version.
  const source = { name: record.origin === '' ? name : record.origin, version };
  return { purl, type: 'apk', name, version, arch, source, ownedBy: null, held: false };
}

/** What makes two records of successive databases the same package. */
export function apkRecordKey({ name, version, arch }: ApkRecord): string {
  return `${name}\n${version}\n${arch}`;
}
