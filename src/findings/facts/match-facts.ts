import type { Severity, VulnerabilityMatch } from '../../advisories/index.ts';

/**
 * What is stored of a match: everything that the advisories say of one package version and one vulnerability. The reason
 * of a priority follows from the rest.
 */
export type MatchFacts = Omit<VulnerabilityMatch, 'package' | 'priorityReason'>;

/** An open match as it is stored. Scores belong to the vulnerability and are told as they stand now. */
export interface StoredMatch extends MatchFacts {
  readonly packageId: number;
  readonly vulnerabilityId: number;
  readonly fromGeneration: number;
  /** Generation since which the package has the vulnerability without a gap: earlier than the row where its facts changed. */
  readonly sinceGeneration: number;
}

/** The facts of a match, without the package. */
export function matchFacts(match: VulnerabilityMatch): MatchFacts {
  const { package: _package, priorityReason: _reason, ...facts } = match;
  return facts;
}

/** What must become of the stored matches of one package. */
export interface MatchDiff {
  /** Matches that are no more, or say something else now. */
  readonly close: readonly StoredMatch[];
  /** With the generation since which they are there, null = from now on. */
  readonly open: readonly { readonly facts: MatchFacts; readonly since: number | null }[];
  /** Only the priority differs: it follows the scores and is no history. */
  readonly reprioritise: readonly { readonly match: StoredMatch; readonly priority: MatchFacts['priority'] }[];
}

/** Compares what is stored of one package with what the advisories say now. Nothing is merged. */
export function diffMatches(stored: readonly StoredMatch[], derived: readonly MatchFacts[]): MatchDiff {
  const before = new Map(stored.map((match) => [match.id, match]));
  const close: StoredMatch[] = [];
  const open: { facts: MatchFacts; since: number | null }[] = [];
  const reprioritise: { match: StoredMatch; priority: MatchFacts['priority'] }[] = [];
  for (const facts of derived) {
    const match = before.get(facts.id);
    before.delete(facts.id);
    if (match === undefined) open.push({ facts, since: null });
    else if (contentOf(match) !== contentOf(facts)) {
      close.push(match);
      open.push({ facts, since: match.sinceGeneration });
    } else if (match.priority !== facts.priority) reprioritise.push({ match, priority: facts.priority });
  }
  close.push(...before.values());
  return { close, open, reprioritise };
}

/** Everything of a match that is its own; scores, exploitation and the priority that follows from them are not. */
function contentOf({ severity, match, state, fixedVersion, title, aliases }: MatchFacts): string {
  const { level, source, score, vector } = severity;
  const { advisory, ecosystem, range, on } = match;
  const own = [level, source, score, vector, advisory, ecosystem, range, on, state, fixedVersion, title];
  return JSON.stringify([...own, ...aliases]);
}

/** What the estate says of a vulnerability as a whole. */
export interface VulnerabilityFacts {
  readonly score: number | null;
  readonly vector: string | null;
  readonly title: string | null;
}

/**
 * The facts of a vulnerability from those of its open matches: the highest score, the first title by code units. The same
 * whatever the order in which the matches came.
 */
export function vulnerabilityFacts(
  matches: Iterable<{ readonly severity: Pick<Severity, 'score' | 'vector'>; readonly title: string | null }>,
): VulnerabilityFacts {
  let best: Pick<Severity, 'score' | 'vector'> = { score: null, vector: null };
  let title: string | null = null;
  for (const match of matches) {
    if (outranks(match.severity, best)) best = match.severity;
    if (match.title !== null && (title === null || match.title < title)) title = match.title;
  }
  return { score: best.score, vector: best.vector, title };
}

function outranks(a: Pick<Severity, 'score' | 'vector'>, b: Pick<Severity, 'score' | 'vector'>): boolean {
  if (a.score === null) return false;
  if (b.score === null || a.score !== b.score) return b.score === null || a.score > b.score;
  return (a.vector ?? '') < (b.vector ?? '');
}
