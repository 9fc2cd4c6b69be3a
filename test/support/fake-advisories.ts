import type { AdvisoryIndex, VulnerabilityMatch } from '../../src/advisories/index.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';

/** One invented advisory: everything before `fixed` of a source package in an ecosystem is affected. */
export interface FakeAdvisory {
  readonly id: string;
  readonly ecosystem: string;
  readonly source: string;
  /** null: there is no fix, every version is affected. */
  readonly fixed: string | null;
  readonly level?: VulnerabilityMatch['severity']['level'];
  readonly state?: VulnerabilityMatch['state'];
}

/** An index over invented advisories; a distribution is covered when one of them names it. */
export function fakeAdvisories(advisories: readonly FakeAdvisory[], createdAt = '2026-01-01T00:00:00Z'): AdvisoryIndex {
  const covers = (ecosystem: string): boolean => advisories.some((advisory) => advisory.ecosystem === ecosystem);
  return {
    snapshot: { id: 'fake', createdAt, origin: 'imported', sources: [{ id: 'fake', records: 1, modified: null }] },
    covers,
    match(packages, os) {
      const matches: VulnerabilityMatch[] = [];
      const unmatched: ReturnType<AdvisoryIndex['match']>['unmatched'][number][] = [];
      for (const pkg of packages) {
        const world = ecosystems.find(({ types }) => types.includes(pkg.type));
        const key = world?.advisoryKeys(pkg, os).find(({ ecosystem }) => covers(ecosystem));
        if (world === undefined || key === undefined) unmatched.push({ package: pkg, reason: 'no_advisory_source' });
        else if (!world.versions.valid(key.version)) unmatched.push({ package: pkg, reason: 'invalid_version' });
        else {
          for (const advisory of advisories) {
            if (advisory.ecosystem !== key.ecosystem || advisory.source !== key.name) continue;
            if (advisory.fixed !== null && world.versions.compare(key.version, advisory.fixed) >= 0) continue;
            matches.push(toMatch(advisory, pkg, key.ecosystem));
          }
        }
      }
      return { matches, unmatched, malicious: [] };
    },
    predictions: () => new Map(),
    [Symbol.dispose]() {},
  };
}

function toMatch(advisory: FakeAdvisory, pkg: VulnerabilityMatch['package'], ecosystem: string): VulnerabilityMatch {
  const { id, fixed } = advisory;
  return {
    id,
    aliases: [],
    package: pkg,
    fixedVersion: fixed,
    state: advisory.state ?? (fixed === null ? 'unfixed' : 'fixed'),
    severity: { level: advisory.level ?? 'high', source: 'fake', score: null, vector: null },
    kev: false,
    epss: null,
    priority: 'later',
    priorityReason: 'P2: high',
    title: null,
    match: { advisory: id, ecosystem, range: fixed === null ? '>= 0' : `< ${fixed}`, on: 'source' },
  };
}
