import type { FileContent, FileEntry, LayerVisitor } from '../../image/index.ts';
import { baseName } from '../../image/index.ts';
import { repositoryBranches } from './alpine.ts';
import { parseAssignments } from './parse.ts';

/** The files that may tell the operating system, best first (scanning.md §2). */
export const releaseLadder: readonly string[] = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/alpine-release',
  'etc/debian_version',
  'etc/lsb-release',
  'etc/redhat-release',
  'etc/centos-release',
  'etc/oracle-release',
  'etc/system-release',
  'etc/photon-release',
  'etc/SuSE-release',
  'etc/openEuler-release',
];

/** What one of these files says. */
export interface ReleaseFile {
  /** As spelled in the layer. */
  readonly path: string;
  /** Assignments of os-release and lsb-release files. */
  readonly values: Readonly<Record<string, string>>;
  /** First line of the single-purpose files. */
  readonly line: string;
  /** Branches in `etc/apk/repositories`, which tells Alpine edge from its releases. */
  readonly branches?: readonly string[];
}

export interface ReleaseFacts {
  readonly files: readonly ReleaseFile[];
}

/** Where apk's repositories are listed. */
export const apkRepositories = 'etc/apk/repositories';

const maxBytes = 64 * 1024;
/** Files of these names in other places, which a link may lead to; more than these per layer are no system's. */
const maxElsewhere = 64;

const exact = new Set([...releaseLadder, apkRepositories]);
const names = new Set([...releaseLadder, apkRepositories].map(baseName));
const keys = ['ID', 'VERSION_ID', 'VERSION_CODENAME', 'PRETTY_NAME', 'DISTRIB_ID', 'DISTRIB_RELEASE'];
const moreKeys = ['DISTRIB_CODENAME', 'DISTRIB_DESCRIPTION', 'UBUNTU_CODENAME'];

/** Collects the release files of one layer. */
export function releaseVisitor(): LayerVisitor<ReleaseFacts> {
  const files = new Map<string, ReleaseFile>();
  let elsewhere = 0;
  return {
    id: 'os-release',
    version: 2,
    wants(entry: FileEntry) {
      if (entry.type !== 'file' || entry.size > maxBytes || !names.has(baseName(entry.path))) return 'skip';
      return exact.has(entry.path) || ++elsewhere <= maxElsewhere ? 'whole' : 'skip';
    },
    file(entry: FileEntry, content: FileContent) {
      if (content.kind === 'bytes') files.set(entry.path, readReleaseFile(entry.path, content.bytes));
    },
    finish: () => ({ files: [...files.values()] }),
  };
}

function readReleaseFile(path: string, bytes: Uint8Array): ReleaseFile {
  const text = new TextDecoder().decode(bytes.subarray(0, maxBytes));
  const name = baseName(path);
  if (name === 'repositories') return { path, values: {}, line: '', branches: repositoryBranches(bytes) };
  if (name !== 'os-release' && name !== 'lsb-release') {
    return { path, values: {}, line: (text.trimStart().split('\n', 1)[0] ?? '').trim().slice(0, 256) };
  }
  const all = parseAssignments(text);
  const values: Record<string, string> = {};
  for (const key of [...keys, ...moreKeys]) {
    const value = all.get(key);
    if (value !== undefined && value !== '') values[key] = value;
  }
  return { path, values, line: '' };
}
