import type { AdvisoryKey, Ecosystem, VersionScheme } from '../../ecosystems/index.ts';
import type { FixState, MaliciousMatch, VulnerabilityMatch } from '../contract.ts';
import type { FactStore, PackageFact } from '../facts.ts';
import { displayId, isCve, isErratum } from '../identifiers.ts';
import { type Claim, type ClaimGroup, groupClaims, trust, vulnerabilitiesOf } from './identity.ts';
import { evaluateFact, type Verdict } from './range.ts';
import { selectSeverity } from './severity.ts';

/** A match before it is tied to one of the packages that share source and version, and to its exploit prediction. */
export interface Vulnerability
  extends Omit<VulnerabilityMatch, 'package' | 'epss' | 'priority' | 'priorityReason' | 'reachability'> {
  readonly cve: string | null;
  /** Affected import paths; empty = not said. */
  readonly imports: readonly string[];
}

/** What a snapshot knows about one version of a package. */
export interface KnownOfPackage {
  /** Sorted by id. */
  readonly vulnerabilities: readonly Vulnerability[];
  readonly malicious: readonly Omit<MaliciousMatch, 'package'>[];
}

/** A fact that affects a version. */
interface Affecting {
  readonly fact: PackageFact;
  readonly verdict: Verdict;
}

/** Which facts affect a version of a package, before their records are read. */
export interface Judged {
  readonly ecosystem: Ecosystem;
  readonly answers: readonly {
    readonly key: AdvisoryKey;
    readonly affecting: readonly Affecting[];
    /** Records that know the package and do not affect this version. */
    readonly harmless: readonly number[];
  }[];
}

/** Judges a package that is looked up under these keys. */
export function judge(keys: readonly AdvisoryKey[], ecosystem: Ecosystem, store: FactStore): Judged {
  return { ecosystem, answers: keys.map((key) => ({ key, ...judgeKey(key, ecosystem, store) })) };
}

/** What the records of the affecting facts say. */
export function knownOf({ ecosystem, answers }: Judged, store: FactStore): KnownOfPackage {
  const claims = answers.flatMap((answer) => claimsFor(answer, store));
  if (claims.length === 0) return nothing;
  const { malice = [], flaws = [] } = Object.groupBy(claims, ({ record }) => (record.malicious ? 'malice' : 'flaws'));
  const vulnerabilities = groupClaims(withoutMalice(flaws, malice), ecosystem.versions).map((group) =>
    vulnerabilityOf(group, store),
  );
  return {
    vulnerabilities: vulnerabilities.sort((a, b) => (a.id < b.id ? -1 : 1)),
    malicious: groupClaims(malice, ecosystem.versions).map(({ ids, claims }) => {
      const id = displayId(ids);
      return { id, aliases: ids.filter((alias) => alias !== id), title: titleOf(claims) };
    }),
  };
}

const nothing: KnownOfPackage = { vulnerabilities: [], malicious: [] };

function judgeKey(
  key: AdvisoryKey,
  ecosystem: Ecosystem,
  store: FactStore,
): { readonly affecting: Affecting[]; readonly harmless: number[] } {
  const affecting: Affecting[] = [];
  const harmless: number[] = [];
  const verdicts = new Map<PackageFact['ranges'], Verdict | null>();
  for (const stated of store.facts(key.ecosystem, key.name)) {
    const fact = aboutBuild(stated, key, ecosystem, store);
    const verdict = verdictOn(fact, key.version, ecosystem.versions, verdicts);
    if (verdict === null) harmless.push(fact.record);
    else affecting.push({ fact, verdict });
  }
  return { affecting, harmless };
}

function claimsFor({ key, affecting, harmless }: Judged['answers'][number], store: FactStore): Claim[] {
  const { ecosystem, on } = key;
  const claims = affecting.flatMap(({ fact, verdict }) => {
    const record = store.record(fact.record);
    return vulnerabilitiesOf(record).map((ids): Claim => ({ ids, ecosystem, on, fact, record, verdict }));
  });
  return withoutContradicted(claims, harmless, store);
}

/** The fact with only those ranges that speak of the installed build. */
function aboutBuild(fact: PackageFact, key: AdvisoryKey, { rangesFor }: Ecosystem, store: FactStore): PackageFact {
  if (rangesFor === undefined) return fact;
  const ranges = rangesFor(key, fact.ranges, () => {
    const { title, streams } = store.record(fact.record);
    return title ?? streams ?? null;
  });
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

/**
 * What a record of malice calls its alias is the same malice under another number, unless it has a CVE: then somebody
 * has called it a vulnerability.
 */
function withoutMalice(flaws: readonly Claim[], malice: readonly Claim[]): readonly Claim[] {
  if (malice.length === 0) return flaws;
  const ids = new Set(malice.flatMap((claim) => claim.ids));
  return flaws.filter((claim) => claim.ids.some(isCve) || !claim.ids.some((id) => ids.has(id)));
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
    state: stateOf(winner.fact, fixedVersion),
    severity: selectSeverity(claims, own, store),
    kev: cve !== null && store.exploited(cve),
    title: titleOf(claims),
    match: { advisory: winner.record.id, ecosystem: winner.ecosystem, range, on: winner.on },
    imports: importsOf(claims),
  };
}

function titleOf(claims: readonly Claim[]): string | null {
  return claims.map((claim) => claim.record.title).find((title) => title !== null) ?? null;
}

/** Affected import paths, as the most trusted records say them; none when one of these means the whole package. */
function importsOf(claims: readonly Claim[]): readonly string[] {
  const [winner] = claims;
  const trusted = claims.filter(({ record }) => trust(record.id) === trust(winner?.record.id ?? ''));
  if (trusted.some(({ fact }) => fact.imports.length === 0)) return [];
  return trusted.flatMap(({ fact }) => fact.imports);
}

/** States of scanning.md §5.4 that feeds can express. */
function stateOf({ urgency, stance }: PackageFact, fixedVersion: string | null): FixState {
  if (urgency === 'unimportant') return 'unimportant';
  if (urgency === 'end-of-life') return 'end_of_life';
  if (fixedVersion !== null) return 'fixed';
  return stance ?? 'unfixed';
}
