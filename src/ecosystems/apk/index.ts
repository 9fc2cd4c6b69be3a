import type { AdvisoryKey, Ecosystem, InstalledPackage, OsRelease } from '../contract.ts';
import { apkCataloger } from './catalog.ts';
import { apkVersions } from './versions.ts';

/** Alpine and the distributions that took over its package manager. */
export const apk: Ecosystem = {
  id: 'apk',
  types: ['apk'],
  kind: 'cve',
  about: {
    title: 'Alpine packages',
    covers: 'Alpine, Wolfi, Chainguard, MinimOS',
    evidence: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
    versions: 'apk-package(5)',
    limits:
      'Alpine edge and derivatives are listed and not matched: data about a release says nothing of their builds.',
  },
  catalogers: [apkCataloger],
  versions: apkVersions,
  advisoryNames: ['Alpine', 'Wolfi', 'Chainguard', 'MinimOS'],
  advisoryKeys,
};

/** Distributions whose data go by package; they have one branch only. */
const rolling: Readonly<Record<string, string>> = { wolfi: 'Wolfi', chainguard: 'Chainguard', minimos: 'MinimOS' };

/**
 * Alpine's data go by branch and origin, those of the rolling distributions by package, and by origin for what is built
 * along with it (scanning.md §5.3). An origin has the version of its packages.
 */
function advisoryKeys(pkg: InstalledPackage, os: OsRelease | undefined): readonly AdvisoryKey[] {
  if (os === undefined) return [];
  const { name, version } = pkg;
  const origin = pkg.source ?? pkg;
  if (os.id === 'alpine') {
    const branch = /^[0-9]{1,3}\.[0-9]{1,3}(?=\.|$)/.exec(os.versionId ?? '')?.[0];
    if (branch === undefined) return [];
    return [{ ecosystem: `Alpine:v${branch}`, on: 'source', name: origin.name, version: origin.version }];
  }
  const ecosystem = Object.hasOwn(rolling, os.id) ? rolling[os.id] : undefined;
  if (ecosystem === undefined) return [];
  const keys: AdvisoryKey[] = [{ ecosystem, on: 'binary', name, version }];
  if (origin.name !== name) keys.push({ ecosystem, on: 'source', name: origin.name, version: origin.version });
  return keys;
}
