import type { AdvisoryKey, Ecosystem, InstalledPackage, OsRelease } from '../../ecosystems/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { MaliciousMatch, MatchResult, VulnerabilityMatch } from '../contract.ts';
import type { FactStore } from '../facts.ts';
import { worldsOf } from '../worlds.ts';
import { prioritise } from './priority.ts';
import { type Judged, judge, knownOf, type Vulnerability } from './vulnerabilities.ts';

interface Found {
  readonly package: InstalledPackage;
  readonly vulnerability: Vulnerability;
}

/**
 * Matches packages against the facts of one snapshot. Pure: the result depends on nothing but the arguments
 * (scanning.md §5).
 */
export function matchPackages(
  packages: readonly InstalledPackage[],
  os: OsRelease | undefined,
  ecosystems: readonly Ecosystem[],
  store: FactStore,
): MatchResult {
  const judgements: { readonly package: InstalledPackage; readonly judged: Judged }[] = [];
  const unmatched: MatchResult['unmatched'][number][] = [];
  const worlds = worldsOf(ecosystems);
  // Binary packages of one source share its vulnerabilities: they are decided once.
  const decided = new Map<string, Judged>();
  for (const pkg of packages.toSorted((a, b) => compareText(a.purl, b.purl))) {
    if (pkg.guessed === true) {
      unmatched.push({ package: pkg, reason: 'guessed_identity' });
      continue;
    }
    const ecosystem = worlds.worldOf(pkg);
    const keys = worlds.keysOf(pkg, os).filter((key) => store.covers(key.ecosystem));
    if (ecosystem === undefined || keys.length === 0) {
      unmatched.push({ package: pkg, reason: 'no_advisory_source' });
      continue;
    }
    if (keys.some((key) => !ecosystem.versions.valid(key.version))) {
      unmatched.push({ package: pkg, reason: 'invalid_version' });
      continue;
    }
    const question = questionOf(ecosystem, keys);
    let judged = decided.get(question);
    if (judged === undefined) {
      judged = judge(keys, ecosystem, store);
      decided.set(question, judged);
    }
    judgements.push({ package: pkg, judged });
  }
  return { ...resultOf(judgements, [...decided.values()], store), unmatched };
}

/** Reads the records of all packages together, then says what they know of each. */
function resultOf(
  judgements: readonly { readonly package: InstalledPackage; readonly judged: Judged }[],
  decided: readonly Judged[],
  store: FactStore,
): Omit<MatchResult, 'unmatched'> {
  const found: Found[] = [];
  const malicious: MaliciousMatch[] = [];
  const affecting = decided.flatMap(({ answers }) => answers.flatMap((answer) => answer.affecting));
  store.expect?.([...new Set(affecting.map(({ fact }) => fact.record))]);
  const known = new Map(decided.map((judged) => [judged, knownOf(judged, store)]));
  for (const { package: pkg, judged } of judgements) {
    for (const vulnerability of known.get(judged)?.vulnerabilities ?? []) found.push({ package: pkg, vulnerability });
    for (const record of known.get(judged)?.malicious ?? []) malicious.push({ ...record, package: pkg });
  }
  return { matches: asMatches(found, store).sort(byPackageAndId), malicious: malicious.sort(byPackageAndId) };
}

function questionOf({ id }: Ecosystem, keys: readonly AdvisoryKey[]): string {
  return JSON.stringify([id, ...keys.map((key) => [key.ecosystem, key.on, key.name, key.version, key.stream])]);
}

/** Adds what differs between packages that share their vulnerabilities: predictions, what was linked, the priority. */
function asMatches(found: readonly Found[], store: FactStore): VulnerabilityMatch[] {
  const cves = new Set(found.map(({ vulnerability }) => vulnerability.cve).filter((cve) => cve !== null));
  const scores = store.epss([...cves]);
  return found.map(({ package: pkg, vulnerability }) => {
    const { id, aliases, fixedVersion, state, severity, kev, title, match, cve } = vulnerability;
    const epss = scores.get(cve ?? '') ?? null;
    const reach = isLeftOut(vulnerability, pkg) && { reachability: notLinked };
    const { priority, priorityReason } = prioritise({
      package: pkg,
      state,
      fixedVersion,
      severity,
      kev,
      epss,
      ...reach,
    });
    const own = { package: pkg, epss, priority, priorityReason, ...reach };
    return { id, aliases, fixedVersion, state, severity, kev, title, match, ...own };
  });
}

const notLinked = { state: 'no', reason: 'not-linked' } as const;

/** Whether what the linker kept is known and nothing affected is in it (scanning.md §5.9). */
function isLeftOut({ imports }: Vulnerability, { linked }: InstalledPackage): boolean {
  return linked !== undefined && imports.length > 0 && !imports.some((path) => linked.has(path));
}

function byPackageAndId(
  a: Pick<VulnerabilityMatch, 'package' | 'id'>,
  b: Pick<VulnerabilityMatch, 'package' | 'id'>,
): number {
  return compareText(a.package.purl, b.package.purl) || compareText(a.id, b.id);
}
