import type { OsRelease } from '../contract.ts';
import type { ParsedPackageUrl } from '../purl-text.ts';
import type { RawComponent } from './contract.ts';

/** Names that other writers give to distributions, by the `ID` of their os-release. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['redhat', 'rhel'],
  ['alma', 'almalinux'],
  ['rockylinux', 'rocky'],
  ['amazon', 'amzn'],
  ['oracle', 'ol'],
  ['oraclelinux', 'ol'],
  ['suse linux enterprise server', 'sles'],
  ['suse', 'sles'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['cbl-mariner', 'mariner'],
]);

const idGrammar = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const versionGrammar = /^[A-Za-z0-9][A-Za-z0-9._~+-]{0,63}$/;

/** The distribution that a document's component of kind operating-system names. */
export function osOfComponent({ kind, name, version, description }: RawComponent): OsRelease | undefined {
  if (kind !== 'operating-system') return undefined;
  const prettyName = description === '' ? null : description.slice(0, 256);
  return release(name, version, prettyName);
}

/** The distribution that the package URL of a system package names: `distro=debian-12`, else nothing. */
export function osOfPurl({ type, namespace, qualifiers }: ParsedPackageUrl): OsRelease | undefined {
  const { distro } = qualifiers;
  if ((type !== 'deb' && type !== 'apk' && type !== 'rpm') || distro === undefined) return undefined;
  // Older documents give the version alone; ids of distributions may hold hyphens themselves.
  const dash = distro.lastIndexOf('-');
  if (dash <= 0) return namespace === undefined ? undefined : release(namespace, distro, null);
  return release(distro.slice(0, dash), distro.slice(dash + 1), null);
}

function release(name: string, version: string, prettyName: string | null): OsRelease | undefined {
  const lower = name.toLowerCase();
  const id = aliases.get(lower) ?? lower;
  if (!idGrammar.test(id)) return undefined;
  // A release without number is told by its code name: `debian` and `sid`.
  const numbered = /^[0-9]/.test(version) && versionGrammar.test(version);
  const codename = !numbered && versionGrammar.test(version) && version !== 'rolling' ? version : null;
  return { id, versionId: numbered ? version : null, codename, prettyName, path: '' };
}
