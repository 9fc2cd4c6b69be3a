import { PackageURL } from 'packageurl-js';
import type { PeerPackage } from './contract.ts';

/** Distributions' own namespaces (`debian`) say nothing that the type does not; scanners spell them differently. */
const systemTypes = new Set(['deb', 'rpm', 'apk']);

/** The package that a purl names; undefined for images, operating systems and files. */
export function packageOf(purl: string): PeerPackage | undefined {
  try {
    const { type, namespace, name, version, qualifiers } = PackageURL.fromString(purl);
    if (type === 'oci' || type === 'docker' || version === undefined || version === null) return undefined;
    const full = systemTypes.has(type) || !namespace ? name : `${namespace}/${name}`;
    const epoch = qualifiers?.epoch;
    const stated = epoch !== undefined && !version.includes(':') ? `${epoch}:${version}` : version;
    return { type, name: normalName(type, full), version: normalVersion(type, stated) };
  } catch {
    return undefined;
  }
}

function normalName(type: string, name: string): string {
  return type === 'pypi'
    ? name.toLowerCase().replaceAll(/[-_.]+/g, '-')
    : type === 'golang'
      ? name.toLowerCase()
      : name;
}

/** Some write Go versions with their `v`, some without; epochs of 0 come and go. */
function normalVersion(type: string, version: string): string {
  if (type === 'golang') return version.replace(/^(v|go)/, '');
  return systemTypes.has(type) ? version.replace(/^0:/, '') : version;
}

/** The packages of a CycloneDX document, each once. */
export function cycloneDxPackages(text: string): readonly PeerPackage[] {
  const document = JSON.parse(text) as { components?: readonly { purl?: string }[] };
  return distinct(
    (document.components ?? []).flatMap(({ purl }) => (purl === undefined ? [] : (packageOf(purl) ?? []))),
  );
}

/** Each package once, sorted. */
export function distinct(packages: readonly PeerPackage[]): readonly PeerPackage[] {
  const all = new Map(packages.map((pkg) => [`${pkg.type}\t${pkg.name}\t${pkg.version}`, pkg]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pkg]) => pkg);
}
