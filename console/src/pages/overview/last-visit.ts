/** Visits as the browser remembers them, in ms. */
export interface Visits {
  /** What "new" is measured against; null on the first visit. */
  readonly since: number | null;
  /** When the overview was last on screen. */
  readonly seen: number;
}

/** Coming back sooner is the same visit: a reload must not make everything old. */
const sameVisitMs = 30 * 60_000;

/** The visits after looking at the overview now. */
export function visited(before: Visits | null, now: number): Visits {
  if (before === null) return { since: null, seen: now };
  return { since: now - before.seen > sameVisitMs ? before.seen : before.since, seen: now };
}

/** What was stored; null when it is not ours. */
export function readVisits(text: string | null): Visits | null {
  try {
    const { since, seen } = JSON.parse(text ?? '') as Partial<Visits>;
    if (typeof seen !== 'number' || (since !== null && typeof since !== 'number')) return null;
    return { since, seen };
  } catch {
    return null;
  }
}
