import { type CvssScore, cvssScored, scoreCvss } from './cvss.ts';

/**
 * One entry of a record's `severity`, scored when it was stored: matching does no CVSS arithmetic. What is no complete
 * and valid vector, such as the priority that Ubuntu publishes there, has no score.
 */
export interface StatedSeverity {
  /** As published. */
  readonly text: string;
  readonly cvss: CvssScore | null;
}

const none: readonly StatedSeverity[] = [];
const known = new Map<string, readonly StatedSeverity[]>();
const maxKnown = 20_000;

/**
 * The stored form of published entries: `SCORE=TEXT`, joined by blanks; no score where the text is no vector. A text
 * with blanks is neither vector nor rating and is left out.
 */
export function encodeSeverities(texts: readonly string[]): string {
  const usable = texts.filter((text) => !/\s/.test(text));
  return usable.map((text) => `${scoreCvss(text)?.score ?? ''}=${text}`).join(' ');
}

/** Reads what `encodeSeverities` wrote. A score outside 0–10 is none. */
export function decodeSeverities(stored: string): readonly StatedSeverity[] {
  if (stored === '') return none;
  const cached = known.get(stored);
  if (cached !== undefined) return cached;
  const severities = stored.split(' ').map(decode);
  // The same vectors repeat by the thousand in advisory data.
  if (known.size >= maxKnown) known.clear();
  known.set(stored, severities);
  return severities;
}

function decode(stored: string): StatedSeverity {
  const equals = stored.indexOf('=');
  const text = stored.slice(equals + 1);
  const score = equals > 0 ? Number(stored.slice(0, equals)) : Number.NaN;
  return { text, cvss: score >= 0 && score <= 10 ? cvssScored(text, score) : null };
}

/** The best of several: newest CVSS version first, then the highest score. */
export function bestCvss(severities: readonly StatedSeverity[]): CvssScore | null {
  let best: CvssScore | null = null;
  for (const { cvss } of severities) {
    if (cvss === null) continue;
    if (best === null || cvss.version > best.version || (cvss.version === best.version && cvss.score > best.score)) {
      best = cvss;
    }
  }
  return best;
}
