import type { AdvisoryKey, Ecosystem, InstalledPackage, OsRelease } from '../contract.ts';
import { debianRelease } from '../os-release/end-of-life.ts';
import { dpkgCataloger } from './catalog.ts';
import { chiselCataloger } from './chisel/catalog.ts';
import { debVersions } from './versions.ts';

/** Debian, Ubuntu and every other image with a dpkg database. */
export const dpkg: Ecosystem = {
  id: 'dpkg',
  types: ['deb'],
  kind: 'cve',
  about: {
    title: 'Debian packages',
    covers: 'Debian, Ubuntu, Echo, distroless images made of Debian packages, chiselled Ubuntu',
    evidence: ['var/lib/dpkg/status', 'var/lib/dpkg/status.d/*', '**/manifest.wall'],
    versions: 'Debian policy 5.6.12',
    limits:
      'Derivatives are listed and not matched: their rebuilds have fixes of their own. Chisel manifests name no source packages.',
  },
  catalogers: [dpkgCataloger, chiselCataloger],
  versions: debVersions,
  advisoryNames: ['Debian', 'Ubuntu', 'Echo'],
  advisoryKeys,
};

/**
 * Debian's and Ubuntu's data go by source package (scanning.md §5.3). Derivatives have none: their packages are never
 * matched silently against those of their parent.
 */
function advisoryKeys(pkg: InstalledPackage, os: OsRelease | undefined): readonly AdvisoryKey[] {
  const { name, version } = pkg.source ?? pkg;
  const key = (ecosystem: string): AdvisoryKey => ({ ecosystem, on: 'source', name, version });
  if (os?.id === 'debian') return [key(`Debian:${debianRelease(os)}`)];
  // Rebuilds of Debian packages with one branch only.
  if (os?.id === 'echo') return [key('Echo')];
  if (os?.id !== 'ubuntu' || os.versionId === null) return [];
  const [year = '', month = ''] = os.versionId.split('.');
  if (!/^[0-9]{2}$/.test(year) || !/^[0-9]{2}$/.test(month)) return [];
  const release = `${year}.${month}${month === '04' && Number(year) % 2 === 0 ? ':LTS' : ''}`;
  const keys = [key(`Ubuntu:${release}`)];
  // Fixes of Ubuntu Pro count only where its packages are: elsewhere they cannot be installed.
  if (/[+~]esm[0-9]/.test(version)) keys.push(key(`Ubuntu:Pro:${release}`));
  return keys;
}
