import type { TreeEntry } from './debian-image.ts';

/** One path that two trees tell differently. */
export interface TreeDifference {
  readonly path: string;
  readonly what: string;
}

/** Compares two listings path by path; `ignored` are paths or folders (with a trailing slash) that are out of scope. */
export function diffTrees(
  expected: ReadonlyMap<string, TreeEntry>,
  actual: ReadonlyMap<string, TreeEntry>,
  ignored: readonly string[],
): TreeDifference[] {
  const skip = (path: string): boolean =>
    ignored.some((rule) => (rule.endsWith('/') ? `${path}/`.startsWith(rule) : path === rule));
  const differences: TreeDifference[] = [];
  for (const [path, want] of expected) {
    if (skip(path)) continue;
    const have = actual.get(path);
    if (have === undefined) differences.push({ path, what: `missing ${want.type}` });
    else if (JSON.stringify(have) !== JSON.stringify(want)) {
      differences.push({ path, what: `expected ${JSON.stringify(want)}, got ${JSON.stringify(have)}` });
    }
  }
  for (const [path, have] of actual) {
    if (!expected.has(path) && !skip(path)) differences.push({ path, what: `unexpected ${have.type}` });
  }
  return differences;
}

/**
 * What apt leaves behind that is not part of the installed system, so that a fix does not make it: logs, caches, lists,
 * the previous status file, locks, and what the chroot itself needed.
 */
export const aptLeftovers: readonly string[] = [
  'dev/',
  'proc/',
  'run/',
  'sys/',
  'tmp/',
  'var/cache/',
  'var/log/',
  'var/lib/apt/',
  'var/lib/dpkg/status-old',
  'var/lib/dpkg/lock',
  'var/lib/dpkg/lock-frontend',
  'var/lib/dpkg/triggers/Lock',
  'var/lib/dpkg/available',
  'etc/hosts',
  'etc/resolv.conf',
  'etc/machine-id',
];
