import type { Severity, SeverityLevel } from '../contract.ts';
import type { FactStore, RecordFacts } from '../facts.ts';
import { cveOf, isCve, isErratum, publisherOf } from '../identifiers.ts';
import type { Claim } from './identity.ts';
import { bestCvss } from './stated-severity.ts';

/** Ratings of vendors in one scale; an unknown word is no rating. */
const words: ReadonlyMap<string, SeverityLevel> = new Map([
  ['critical', 'critical'],
  ['important', 'high'],
  ['high', 'high'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['minor', 'low'],
  ['negligible', 'negligible'],
  ['unimportant', 'negligible'],
]);

/** Distributions that rate vulnerabilities for their own builds, by OSV ecosystem without release. */
const vendors: ReadonlyMap<string, string> = new Map([
  ['Debian', 'debian'],
  ['Ubuntu', 'ubuntu'],
  ['AlmaLinux', 'almalinux'],
  ['Rocky Linux', 'rocky'],
  ['Red Hat', 'redhat'],
  ['SUSE', 'suse'],
  ['openSUSE', 'suse'],
  ['openEuler', 'openeuler'],
]);

const unknown: Severity = { level: 'unknown', source: null, score: null, vector: null };

/**
 * Selects the severity by the order of scanning.md §5.6: the vendor's rating for this package, CVSS of the winning
 * record, the publisher's word, the best CVSS under any alias, unknown.
 * @param claims of one vulnerability, the winning one first.
 * @param ids all ids of the vulnerability.
 */
export function selectSeverity(claims: readonly Claim[], ids: readonly string[], store: FactStore): Severity {
  const [winner] = claims;
  if (winner === undefined) return unknown;
  for (const claim of claims) {
    const rating = vendorRating(claim);
    if (rating !== null) return rating;
  }
  return (
    ownCvss(winner) ??
    publisherWord(winner.record) ??
    bestOf(claims.map((claim) => claim.record)) ??
    (mayBeKnownElsewhere(claims) ? bestOf(ids.flatMap((id) => store.recordsOf(id))) : null) ??
    unknown
  );
}

function vendorRating({ ecosystem, fact, record }: Claim): Severity | null {
  const source = vendors.get(ecosystem.split(':', 1)[0] ?? '');
  if (source === undefined) return null;
  // Ubuntu publishes its priority in the place of a vector; Debian marks automatic urgencies with asterisks.
  const level =
    ratingOf(fact.urgency?.replaceAll('*', '')) ?? statedRating(fact) ?? statedRating(record) ?? ratingOf(record.word);
  return level === undefined ? null : { level, source, score: null, vector: null };
}

function ratingOf(word: string | null | undefined): SeverityLevel | undefined {
  return word === null || word === undefined ? undefined : words.get(word.toLowerCase());
}

function statedRating({ severities }: Pick<RecordFacts, 'severities'>): SeverityLevel | undefined {
  for (const { text, cvss } of severities) {
    const level = cvss === null ? ratingOf(text) : undefined;
    if (level !== undefined) return level;
  }
  return undefined;
}

/**
 * A record says itself whether others share its id or aliases; of a distribution's own id (`DEBIAN-CVE-2024-1`) that
 * says nothing about the CVE behind it, and an erratum knows nothing of its CVEs.
 */
function mayBeKnownElsewhere(claims: readonly Claim[]): boolean {
  const records = claims.map((claim) => claim.record).filter(({ id }) => !isErratum(id));
  const isPrefixed = (id: string): boolean => !isCve(id) && cveOf(id) !== null;
  return records.length === 0 || records.some(({ id, linkedElsewhere }) => linkedElsewhere || isPrefixed(id));
}

/** Whether a record says a severity of its own vulnerabilities. */
export function isRated(record: RecordFacts): boolean {
  return publisherWord(record) !== null || (!isOfSeveral(record) && bestCvss(record.severities) !== null);
}

/** An erratum about several vulnerabilities rates the worst of them. */
function isOfSeveral({ id, linked }: RecordFacts): boolean {
  return isErratum(id) && linked.length > 1;
}

function ownCvss({ fact, record }: Claim): Severity | null {
  if (isOfSeveral(record)) return null;
  const best = bestCvss(fact.severities) ?? bestCvss(record.severities);
  return best === null
    ? null
    : { level: best.level, source: publisherOf(record.id), score: best.score, vector: best.vector };
}

function publisherWord(record: RecordFacts): Severity | null {
  const level = words.get(record.word ?? '');
  return level === undefined ? null : { level, source: publisherOf(record.id), score: null, vector: null };
}

/**
 * The record with the best CVSS, else the first with a word that is a rating. An erratum's vector rates the worst of its
 * vulnerabilities, not this one.
 */
export function mostTelling(records: readonly RecordFacts[]): RecordFacts | undefined {
  const single = records.filter((record) => !isErratum(record.id));
  const best = bestCvss(single.flatMap((record) => record.severities));
  return best === null
    ? single.find((record) => publisherWord(record) !== null)
    : single.find(({ severities }) => severities.some(({ cvss }) => cvss === best));
}

function bestOf(records: readonly RecordFacts[]): Severity | null {
  const record = mostTelling(records);
  if (record === undefined) return null;
  const best = bestCvss(record.severities);
  if (best === null) return publisherWord(record);
  return { level: best.level, source: publisherOf(record.id), score: best.score, vector: best.vector };
}
