import type { AdvisoryKey, InstalledPackage, OsRelease } from '../contract.ts';
import { moduleMark, streamOf } from './modules.ts';

/**
 * Where advisories of a package are looked up (scanning.md §5.3). Red Hat's and AlmaLinux's records name binary packages
 * with their own versions; those of the others name sources. Nobody's are used for builds of another vendor, and none
 * exist in this form for Azure Linux, Amazon Linux, Oracle Linux, Fedora and CentOS.
 */
export function advisoryKeys(pkg: InstalledPackage, os: OsRelease | undefined): readonly AdvisoryKey[] {
  const qualifiers = new URLSearchParams(pkg.purl.slice(pkg.purl.indexOf('?') + 1));
  if (os === undefined || qualifiers.has('vendor')) return [];
  const release = releaseOf(os);
  if (release === undefined) return [];
  const { name, version } = release.on === 'source' ? (pkg.source ?? pkg) : pkg;
  const label = qualifiers.get('rpmmod') ?? streamOf(qualifiers.get('modularitylabel') ?? '');
  // A bill of materials by others may carry the whole label. A module's build without one is of a stream that is not known.
  const stream = label === null && version.includes(moduleMark) ? {} : { stream: label };
  return release.ecosystems.map((ecosystem) => ({ ecosystem, on: release.on, name, version, ...stream }));
}

interface ReleaseData {
  readonly on: AdvisoryKey['on'];
  readonly ecosystems: readonly string[];
}

function releaseOf(os: OsRelease): ReleaseData | undefined {
  const { id, versionId } = os;
  if (id === 'opensuse-tumbleweed') return { on: 'source', ecosystems: ['openSUSE:Tumbleweed'] };
  const numbers = /^([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:\.|$)/.exec(versionId ?? '');
  if (numbers === null) return undefined;
  const [, major = '', minor] = numbers;
  switch (id) {
    case 'almalinux':
      return { on: 'binary', ecosystems: [`AlmaLinux:${major}`] };
    case 'rocky':
      return { on: 'source', ecosystems: [`Rocky Linux:${major}`] };
    case 'rhel':
      return { on: 'binary', ecosystems: redHatProducts(Number(major), Number(minor ?? '0')) };
    case 'opensuse-leap':
      return { on: 'source', ecosystems: [`openSUSE:Leap ${major}.${minor ?? '0'}`] };
    case 'openeuler':
      return { on: 'source', ecosystems: [`openEuler:${os.versionId}`] };
    case 'photon':
      return { on: 'source', ecosystems: [`Photon OS:${major}.${minor ?? '0'}`] };
    case 'mageia':
      return { on: 'source', ecosystems: [`Mageia:${major}`] };
    default:
      return suseProducts(id, major, minor);
  }
}

/**
 * Product streams of a plain RHEL or UBI system by its release. Content sets in the image would be more exact, but
 * telling products of them takes a table that Red Hat publishes apart from the advisories.
 */
function redHatProducts(major: number, minor: number): string[] {
  const product = (release: string, stream: string): string => `Red Hat:enterprise_linux:${release}${stream}`;
  if (major < 8) {
    return ['', '::server', '::client', '::workstation', '::computenode'].map((s) => product(`${major}`, s));
  }
  const streams = ['::baseos', '::appstream', '::crb'];
  if (major < 10) return streams.map((stream) => product(`${major}`, stream));
  // From 10 on products carry the minor release; fixes of earlier ones are part of later ones.
  const minors = Array.from({ length: Math.min(minor, 20) + 1 }, (_, index) => `${major}.${index}`);
  return minors.flatMap((release) => ['', ...streams].map((stream) => product(release, stream)));
}

/** Products by os-release `ID`, as SUSE's advisories spell them. */
const suseNames: Readonly<Record<string, string>> = {
  sles: 'Linux Enterprise Server',
  sled: 'Linux Enterprise Desktop',
  sles_sap: 'Linux Enterprise Server for SAP Applications',
  'sle-micro': 'Linux Enterprise Micro',
  'sl-micro': 'Linux Micro',
};

/** Modules of a service pack, whose packages an image of it may hold. */
const suseModules = [
  ...['Basesystem', 'Containers', 'Desktop Applications', 'Development Tools', 'Legacy', 'Public Cloud', 'Python 3'],
  ...['Server Applications', 'Web and Scripting', 'Package Hub'],
];

function suseProducts(id: string, major: string, minor: string | undefined): ReleaseData | undefined {
  const product = Object.hasOwn(suseNames, id) ? suseNames[id] : undefined;
  if (product === undefined) return undefined;
  if (id.endsWith('micro')) return { on: 'source', ecosystems: [`SUSE:${product} ${major}.${minor ?? '0'}`] };
  const release = minor === undefined || minor === '0' ? major : `${major} SP${minor}`;
  const modules = suseModules.map((module) => `SUSE:Linux Enterprise Module for ${module} ${release}`);
  return { on: 'source', ecosystems: [`SUSE:${product} ${release}`, ...(Number(major) >= 15 ? modules : [])] };
}
