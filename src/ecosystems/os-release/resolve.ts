import type { UnionView } from '../../image/index.ts';
import { baseName } from '../../image/index.ts';
import type { OsRelease } from '../contract.ts';
import { isAlpineEdge } from './alpine.ts';
import { apkRepositories, type ReleaseFacts, type ReleaseFile, releaseLadder } from './files.ts';

/**
 * The operating system of the merged file system: the first file of the ladder that names one decides. Undefined for
 * images without any (from scratch).
 */
export function resolveOs(layers: readonly ReleaseFacts[], view: UnionView): OsRelease | undefined {
  const read = (path: string): ReleaseFile | undefined => {
    const content = view.resolve(path)?.content;
    return content && layers[content.layer]?.files.find((file) => file.path === content.path);
  };
  for (const path of releaseLadder) {
    const file = read(path);
    const os = file && releaseOf(file, path);
    if (os?.id === 'debian') return completeDebian(os, read);
    if (os?.id === 'alpine') return completeAlpine(os, read);
    if (os?.id === 'openeuler') return completeOpenEuler(os);
    if (os !== undefined) return os;
  }
  return undefined;
}

function releaseOf(file: ReleaseFile, path: string): OsRelease | undefined {
  switch (baseName(path)) {
    case 'os-release':
      return fromOsRelease(file, path);
    case 'lsb-release':
      return fromLsb(file, path);
    case 'alpine-release':
      return file.line === '' ? undefined : release('alpine', file.line, null, `Alpine Linux ${file.line}`, path);
    case 'debian_version':
      return file.line === '' ? undefined : release('debian', null, null, null, path);
    default:
      return fromSentence(file.line, path);
  }
}

function fromOsRelease({ values }: ReleaseFile, path: string): OsRelease | undefined {
  if (values.ID === undefined) return undefined;
  return release(
    values.ID,
    values.VERSION_ID ?? null,
    values.VERSION_CODENAME ?? values.UBUNTU_CODENAME ?? null,
    values.PRETTY_NAME ?? null,
    path,
  );
}

function fromLsb({ values }: ReleaseFile, path: string): OsRelease | undefined {
  if (values.DISTRIB_ID === undefined) return undefined;
  const description = values.DISTRIB_DESCRIPTION ?? null;
  return release(values.DISTRIB_ID, values.DISTRIB_RELEASE ?? null, values.DISTRIB_CODENAME ?? null, description, path);
}

/** Identifiers of products by the words that their one-line files begin with, longest first. */
const products: readonly (readonly [string, string])[] = [
  ['red hat enterprise linux', 'rhel'],
  ['vmware photon', 'photon'],
  ['almalinux', 'almalinux'],
  ['rocky linux', 'rocky'],
  ['oracle linux', 'ol'],
  ['amazon linux', 'amzn'],
  ['opensuse', 'opensuse'],
  ['suse linux enterprise', 'sles'],
  ['openeuler', 'openeuler'],
  ['photon', 'photon'],
  ['centos', 'centos'],
  ['fedora', 'fedora'],
];

/** `CentOS Linux release 7.9.2009 (Core)` and its relatives. */
function fromSentence(line: string, path: string): OsRelease | undefined {
  const product = products.find(([words]) => line.toLowerCase().startsWith(words));
  if (product === undefined) return undefined;
  const version = line.split(' ').find((word) => /^[0-9]+(\.[0-9]+){0,3}$/.test(word));
  return release(product[1], version ?? null, null, line, path);
}

function release(
  id: string,
  versionId: string | null,
  codename: string | null,
  prettyName: string | null,
  path: string,
): OsRelease | undefined {
  const lower = id.toLowerCase();
  // os-release(5) allows only these characters; anything else is no name to build package URLs of.
  if (!/^[a-z0-9._-]{1,64}$/.test(lower)) return undefined;
  const clean = (text: string | null): string | null =>
    text !== null && /^[A-Za-z0-9._+~-]{1,64}$/.test(text) ? text : null;
  return { id: lower, versionId: clean(versionId), codename: clean(codename)?.toLowerCase() ?? null, prettyName, path };
}

/** Testing and unstable carry no VERSION_ID; `debian_version` is then `13.1` or `forky/sid`. */
function completeDebian(os: OsRelease, read: (path: string) => ReleaseFile | undefined): OsRelease {
  if (os.versionId !== null) return os;
  const line = read('etc/debian_version')?.line ?? '';
  const major = /^([0-9]{1,3})(\.|$)/.exec(line)?.[1];
  if (major !== undefined) return { ...os, versionId: major };
  const codename = os.codename ?? /^([a-z]{1,32})(\/sid)?$/.exec(line)?.[1] ?? null;
  return { ...os, codename };
}

/** Edge names a snapshot of what will be a release, or the release that it was upgraded from. */
function completeAlpine(os: OsRelease, read: (path: string) => ReleaseFile | undefined): OsRelease {
  const branches = read(apkRepositories)?.branches ?? [];
  return isAlpineEdge(os.versionId, branches) ? { ...os, versionId: 'edge' } : os;
}

/** `VERSION_ID` names the line only (`22.03`); the service pack stands in `openEuler 22.03 (LTS-SP3)`. */
function completeOpenEuler(os: OsRelease): OsRelease {
  const pack = /\((LTS(?:-SP[0-9]{1,2})?)\)/.exec(os.prettyName ?? '')?.[1];
  if (os.versionId === null || pack === undefined || os.versionId.includes('LTS')) return os;
  return { ...os, versionId: `${os.versionId}-${pack}` };
}
