import type { AdvisoryIndex, MatchResult } from '../advisories/index.ts';
import type { Ecosystem, InstalledPackage, OsRelease, PackageScope } from '../ecosystems/index.ts';
import type { Catalog } from './catalogers.ts';
import { mergePlaces, settleOwnership } from './settle-packages.ts';

/** What is in an image, with what the advisories say of it. */
export interface Judgement extends MatchResult {
  readonly packages: readonly InstalledPackage[];
}

/** By what packages are judged. */
export interface JudgeInput {
  readonly index: AdvisoryIndex;
  readonly ecosystems: readonly Ecosystem[];
  readonly include: readonly PackageScope[];
}

/** Operating-system packages first: whether they can be judged decides whether they speak for the files they own. */
export function judge(
  { packages, owners }: Pick<Catalog, 'packages' | 'owners'>,
  os: OsRelease | undefined,
  { index, ecosystems, include }: JudgeInput,
): Judgement {
  const systemTypes = new Set(ecosystems.filter(({ kind }) => kind === 'cve').flatMap(({ types }) => types));
  const isIncluded = (pkg: InstalledPackage): boolean =>
    pkg.ownedBy === null && include.includes(pkg.scope ?? 'installed');
  const system = mergePlaces(packages.filter(({ type }) => systemTypes.has(type)));
  const first = index.match(system.filter(isIncluded), os);
  const unjudged = new Set(first.unmatched.map((entry) => entry.package.purl));
  const known = new Set(packages.map(({ purl }) => purl));
  const applications = mergePlaces(
    settleOwnership(
      packages.filter(({ type }) => !systemTypes.has(type)),
      owners,
      (purl) => known.has(purl) && !unjudged.has(purl),
    ),
  );
  const second = index.match(applications.filter(isIncluded), os);
  return {
    packages: [...system, ...applications],
    matches: [...first.matches, ...second.matches],
    unmatched: [...first.unmatched, ...second.unmatched],
    malicious: [...first.malicious, ...second.malicious],
  };
}
