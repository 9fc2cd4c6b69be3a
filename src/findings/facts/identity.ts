import { createHash } from 'node:crypto';
import { type InstalledPackage, type OsRelease, packageUrl } from '../../ecosystems/index.ts';

/** A distribution release, as far as it decides about matches. */
export interface ReleaseIdentity {
  readonly id: string;
  readonly versionId: string | null;
  readonly codename: string | null;
}

/** A package version: what the estate stores once, however many images hold it. */
export interface PackageIdentity {
  /** purl type. */
  readonly type: string;
  readonly kind: 'cve' | 'sca';
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  readonly source: { readonly name: string; readonly version: string } | null;
  readonly purl: string;
  /** Release of an operating-system package; null for application packages. */
  readonly release: ReleaseIdentity | null;
}

/** Texts that a database can hold: PostgreSQL refuses the character NUL, which a hostile image may name anything with. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** Key under which a text is interned: long texts would not fit into an index. */
export function textHash(text: string): Uint8Array {
  return createHash('sha256').update(text).digest().subarray(0, 16);
}

/** Key of a package version: equal exactly when everything that is known of two is equal. */
export function packageHash(pkg: PackageIdentity): Uint8Array {
  const { release, source } = pkg;
  const parts = [
    release?.id,
    release?.versionId,
    release?.codename,
    pkg.type,
    pkg.kind,
    pkg.name,
    pkg.version,
    pkg.arch,
  ];
  return textHash(JSON.stringify([...parts, source?.name, source?.version, pkg.purl].map((part) => part ?? null)));
}

/** Key of what counts once per image and vulnerability: package name and version, of whatever architecture or source. */
export function countedKey({ type, name, version, release }: PackageIdentity): string {
  return JSON.stringify([release?.id, release?.versionId, release?.codename, type, name, version]);
}

/** Key of a release. */
export function releaseHash({ id, versionId, codename }: ReleaseIdentity): Uint8Array {
  return textHash(JSON.stringify([id, versionId, codename]));
}

/** The package URL that follows from the rest; where it is the actual one, it need not be stored. */
export function derivedPurl({ type, name, version, arch, release }: Omit<PackageIdentity, 'purl'>): string {
  const distro = release && `${release.id}-${release.versionId ?? release.codename ?? 'rolling'}`;
  return packageUrl({ type, namespace: release?.id, name, version, qualifiers: { arch, distro } });
}

/** The package as matchers take it; where it was found is not part of what it is. */
export function installedPackage(pkg: PackageIdentity): InstalledPackage {
  const { purl, type, name, version, arch, source } = pkg;
  return { purl, type, name, version, arch, source, locations: [], ownedBy: null, held: false };
}

/** The release as matchers take it. */
export function osRelease(release: ReleaseIdentity | null): OsRelease | undefined {
  return release === null ? undefined : { ...release, prettyName: null, path: '' };
}
