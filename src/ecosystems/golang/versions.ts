import type { VersionScheme } from '../contract.ts';
import { semverOrder } from '../semver-order.ts';

const order = semverOrder({ id: 'go', numbers: 3 });

/**
 * SemVer 2 as Go uses it: a leading `v` is dropped, `+incompatible` is build metadata, pseudo-versions are ordinary
 * prereleases, releases of the toolchain (`1.22rc1`) are read as `1.22.0-rc.1`, missing numbers are 0.
 */
export const goVersions: VersionScheme = {
  id: 'go',
  valid: (version) => order.valid(normalise(version)),
  compare: (a, b) => order.compare(normalise(a), normalise(b)),
};

const maxLength = 256;

function normalise(version: string): string {
  if (version.length > maxLength) return '';
  const text = version.startsWith('v') ? version.slice(1) : version.startsWith('go') ? version.slice(2) : version;
  const found = /^([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(rc|beta)([0-9]+)$/.exec(text);
  if (found === null) return text;
  const [, major, minor = '0', patch = '0', kind, number] = found;
  return `${major}.${minor}.${patch}-${kind}.${number}`;
}
