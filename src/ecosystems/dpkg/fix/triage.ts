import type { NameVersion } from '../../contract.ts';
import type { FixFinding, PlannedOutcome } from '../../fix-contract.ts';
import { debVersions } from '../versions.ts';
import type { DpkgDatabase, DpkgPackage } from './database.ts';
import type { Candidate, PackageUniverse } from './universe.ts';

/** What a finding needs: an outcome that is certain already, or a package that has to move. */
export type Triage =
  | { readonly outcome: PlannedOutcome }
  | { readonly finding: FixFinding; readonly installed: DpkgPackage; readonly fixed: string };

const packageName = /^[a-z0-9][a-z0-9+.-]{0,254}$/;

/** Decides what can be decided from the image alone, in the order of fix-engine.md §2.1. */
export function triageInstalled(finding: FixFinding, database: DpkgDatabase, native: string): Triage {
  const end = (outcome: PlannedOutcome['outcome'], detail: string): Triage => ({
    outcome: { finding, outcome, to: null, detail },
  });
  if (!packageName.test(finding.package) || !debVersions.valid(finding.installedVersion)) {
    return end('invalid_metadata', 'name or version of the package is outside the grammar of dpkg');
  }
  const installed = findInstalled(finding, database, native);
  if (installed === undefined) return end('not_affected', 'the package is not installed');
  if (!debVersions.valid(installed.version) || !debVersions.valid(installed.source.version)) {
    return end('invalid_metadata', 'the installed version is outside the grammar of dpkg');
  }
  const fixed = finding.fixedVersion;
  if (fixed !== null && !debVersions.valid(fixed)) {
    return end('no_fix_published', 'the announced fix is not a version of dpkg');
  }
  if (fixed !== null && debVersions.compare(countedVersion(installed, finding), fixed) >= 0) {
    return end('not_affected', `already_fixed: ${installed.version} is installed, ${fixed} fixes it`);
  }
  if (fixed === null && finding.state === 'end_of_life') {
    return end('end_of_life', 'the release or package gets no more fixes');
  }
  if (fixed === null) return end('no_fix_published', `the vendor has published no fix (${finding.state})`);
  if (installed.arch !== native && installed.arch !== 'all') {
    return end('unsupported', `packages for ${installed.arch} in an image for ${native} are not upgraded`);
  }
  return { finding, installed, fixed };
}

/** Decides whether the configured archives hold the fix; undefined when they do and the solver may try. */
export function triageAvailable(
  finding: FixFinding,
  installed: DpkgPackage,
  fixed: string,
  universe: PackageUniverse,
): PlannedOutcome | undefined {
  const [best] = universe.candidates(finding.package);
  const suites = universe.suites.join(', ');
  if (best === undefined || debVersions.compare(installed.version, best.version) > 0) {
    const known = best === undefined ? 'none of them has the package' : `their best is ${best.version}`;
    const detail = `foreign_origin: ${installed.version} does not come from ${suites}: ${known}`;
    return { finding, outcome: 'unsupported', to: null, detail };
  }
  if (debVersions.compare(countedVersion(best, finding), fixed) >= 0) return undefined;
  const detail = `${fixed} is announced, but the best version is ${best.version} in ${suites}`;
  return { finding, outcome: 'fix_not_in_repository', to: null, detail };
}

/** Advisories of distributions count in source versions (fix-engine.md §7). */
function countedVersion(
  unit: { readonly version: string; readonly source: NameVersion } | Candidate,
  finding: FixFinding,
): string {
  return finding.on === 'source' ? unit.source.version : unit.version;
}

function findInstalled(finding: FixFinding, database: DpkgDatabase, native: string): DpkgPackage | undefined {
  const arch = finding.arch ?? native;
  return database.find(finding.package, arch);
}
