import type { AdvisoryKey, Ecosystem, InstalledPackage, OsRelease, VersionScheme } from '../../ecosystems/index.ts';
import type { FixState, MatchResult, VulnerabilityMatch } from '../contract.ts';
import type { FactStore, PackageFact } from '../facts.ts';
import { displayId, isErratum } from '../identifiers.ts';
import { type Claim, type ClaimGroup, groupClaims, vulnerabilitiesOf } from './identity.ts';
import { prioritise } from './priority.ts';
import { evaluateFact, type Verdict } from './range.ts';
import { selectSeverity } from './severity.ts';

/** A match before it is tied to one of the packages that share source and version, and to its exploit prediction. */
interface Vulnerability extends Omit<VulnerabilityMatch, 'package' | 'epss' | 'priority' | 'priorityReason'> {
  readonly cve: string | null;
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
  const found: { readonly package: InstalledPackage; readonly vulnerability: Vulnerability }[] = [];
  const unmatched: MatchResult['unmatched'][number][] = [];
  // Binary packages of one source share its vulnerabilities: they are decided once.
  const decided = new Map<string, readonly Vulnerability[]>();
  for (const pkg of packages.toSorted((a, b) => order(a.purl, b.purl))) {
    const ecosystem = ecosystems.find(({ types }) => types.includes(pkg.type));
    if (pkg.guessed === true) {
      unmatched.push({ package: pkg, reason: 'guessed_identity' });
      continue;
    }
    const keys = ecosystem?.advisoryKeys(pkg, os).filter((key) => store.covers(key.ecosystem)) ?? [];
    if (ecosystem === undefined || keys.length === 0) {
      unmatched.push({ package: pkg, reason: 'no_advisory_source' });
      continue;
    }
    if (keys.some((key) => !ecosystem.versions.valid(key.version))) {
      unmatched.push({ package: pkg, reason: 'invalid_version' });
      continue;
    }
    const question = JSON.stringify(keys.map((key) => [key.ecosystem, key.on, key.name, key.version, key.stream]));
    let vulnerabilities = decided.get(question);
    if (vulnerabilities === undefined) {
      vulnerabilities = vulnerabilitiesFor(keys, ecosystem, store);
      decided.set(question, vulnerabilities);
    }
    for (const vulnerability of vulnerabilities) found.push({ package: pkg, vulnerability });
  }
  return {
    matches: withPredictions(found, store).sort(byPackageAndId),
    unmatched,
    malicious: [],
  };
}

function withPredictions(
  found: readonly { readonly package: InstalledPackage; readonly vulnerability: Vulnerability }[],
  store: FactStore,
): VulnerabilityMatch[] {
  const cves = new Set(found.map(({ vulnerability }) => vulnerability.cve).filter((cve) => cve !== null));
  const scores = store.epss([...cves]);
  return found.map(({ package: pkg, vulnerability }) => {
    const { id, aliases, fixedVersion, state, severity, kev, title, match, cve } = vulnerability;
    const epss = scores.get(cve ?? '') ?? null;
    const { priority, priorityReason } = prioritise({ package: pkg, state, fixedVersion, severity, kev, epss });
    const own = { package: pkg, epss, priority, priorityReason };
    return { id, aliases, fixedVersion, state, severity, kev, title, match, ...own };
  });
}

function vulnerabilitiesFor(keys: readonly AdvisoryKey[], ecosystem: Ecosystem, store: FactStore): Vulnerability[] {
  const claims = keys.flatMap((key) => claimsFor(key, ecosystem, store));
  const found = groupClaims(claims, ecosystem.versions).map((group) => vulnerabilityOf(group, store));
  return found.sort((a, b) => order(a.id, b.id));
}

function claimsFor(key: AdvisoryKey, ecosystem: Ecosystem, store: FactStore): Claim[] {
  const claims: Claim[] = [];
  const harmless: number[] = [];
  const verdicts = new Map<PackageFact['ranges'], Verdict | null>();
  for (const stated of store.facts(key.ecosystem, key.name)) {
    const fact = aboutBuild(stated, key, ecosystem, store);
    const verdict = verdictOn(fact, key.version, ecosystem.versions, verdicts);
    if (verdict === null) {
      harmless.push(fact.record);
      continue;
    }
    const record = store.record(fact.record);
    for (const ids of vulnerabilitiesOf(record)) {
      claims.push({ ids, ecosystem: key.ecosystem, on: key.on, fact, record, verdict });
    }
  }
  return withoutContradicted(claims, harmless, store);
}

/** The fact with only those ranges that speak of the installed build. */
function aboutBuild(fact: PackageFact, key: AdvisoryKey, { rangesFor }: Ecosystem, store: FactStore): PackageFact {
  if (rangesFor === undefined) return fact;
  const ranges = rangesFor(key, fact.ranges, () => store.record(fact.record).title);
  return ranges === fact.ranges ? fact : { ...fact, ranges: ranges as PackageFact['ranges'] };
}

/** Facts of one upload share their ranges: what was decided for these ranges is not decided again. */
function verdictOn(
  fact: PackageFact,
  version: string,
  scheme: VersionScheme,
  verdicts: Map<PackageFact['ranges'], Verdict | null>,
): Verdict | null {
  if (fact.versions.length > 0) return evaluateFact(fact, version, scheme);
  let verdict = verdicts.get(fact.ranges);
  if (verdict === undefined) {
    verdict = evaluateFact(fact, version, scheme);
    verdicts.set(fact.ranges, verdict);
  }
  return verdict;
}

/**
 * An erratum names all CVEs of one upload, also those that an earlier upload had fixed. Where the vendor's own record
 * of a CVE says that this version is not affected, the erratum does not say otherwise.
 */
function withoutContradicted(claims: Claim[], harmless: readonly number[], store: FactStore): Claim[] {
  const confirmed = new Set(claims.filter((claim) => !isErratum(claim.record.id)).flatMap((claim) => claim.ids));
  const isDoubtful = (claim: Claim): boolean =>
    isErratum(claim.record.id) && !claim.ids.some((id) => confirmed.has(id));
  // Reading what does not apply is most of the work of a match: only where an erratum stands alone.
  if (!claims.some(isDoubtful)) return claims;
  const cleared = new Set<string>();
  for (const number of harmless) {
    const record = store.record(number);
    if (!isErratum(record.id)) for (const ids of vulnerabilitiesOf(record)) for (const id of ids) cleared.add(id);
  }
  return claims.filter((claim) => !isDoubtful(claim) || !claim.ids.some((id) => cleared.has(id)));
}

function vulnerabilityOf({ cve, ids, claims }: ClaimGroup, store: FactStore): Vulnerability {
  const [winner] = claims as readonly [Claim, ...Claim[]];
  const { fixedVersion, range } = winner.verdict;
  const own = ids.filter((id) => !isErratum(id));
  const id = cve ?? displayId(own.length > 0 ? own : ids);
  return {
    cve,
    id,
    aliases: ids.filter((alias) => alias !== id),
    fixedVersion,
    state: stateOf(winner.fact.urgency, fixedVersion),
    severity: selectSeverity(claims, own, store),
    kev: cve !== null && store.exploited(cve),
    title: claims.map((claim) => claim.record.title).find((title) => title !== null) ?? null,
    match: { advisory: winner.record.id, ecosystem: winner.ecosystem, range, on: winner.on },
  };
}

/** States of scanning.md §5.4 that a record of the OSV format can express. */
function stateOf(urgency: string | null, fixedVersion: string | null): FixState {
  if (urgency === 'unimportant') return 'unimportant';
  if (urgency === 'end-of-life') return 'end_of_life';
  return fixedVersion === null ? 'unfixed' : 'fixed';
}

function byPackageAndId(a: VulnerabilityMatch, b: VulnerabilityMatch): number {
  return order(a.package.purl, b.package.purl) || order(a.id, b.id);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
