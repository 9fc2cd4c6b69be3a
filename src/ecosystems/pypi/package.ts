import type { InstalledPackage } from '../contract.ts';
import { packageUrl } from '../purl.ts';

/** The part of an installed package that its metadata tells; where it was found comes on top. */
export type PypiIdentity = Omit<InstalledPackage, 'locations'>;

const namePattern = /^[a-z0-9][a-z0-9._-]{0,213}$/i;
/** Any visible ASCII: versions older than PEP 440 stay in the inventory and are not compared. */
const versionPattern = /^[!-~]{1,256}$/;

/** The one spelling of names that PyPI takes for the same (PEP 503): lower case, runs of `-`, `_`, `.` are one `-`. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/** Why a name and version of metadata are no package, or the package. */
export function pypiIdentity(stated: string, version: string): PypiIdentity | string {
  if (!namePattern.test(stated) || !/[a-z0-9]$/i.test(stated)) return 'has a name outside the grammar';
  if (!versionPattern.test(version)) return 'has a version outside the grammar';
  const name = normaliseName(stated);
  const purl = packageUrl({ type: 'pypi', name, version });
  return { purl, type: 'pypi', name, version, arch: null, source: null, ownedBy: null, held: false };
}
