import type { Severity, SeverityLevel } from '../../advisories/index.ts';
import { documentText } from '../../findings/index.ts';

const order: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

/** Lower bounds of the score bands that code-scanning views use, and a value inside each for levels without score. */
const bands: Readonly<Record<string, readonly [from: number, to: number, typical: string]>> = {
  critical: [9, 10, '9.5'],
  high: [7, 8.9, '8.0'],
  medium: [4, 6.9, '5.5'],
  low: [0.1, 3.9, '2.0'],
  negligible: [0.1, 3.9, '0.5'],
};

/** SARIF's own level for a severity. Unknown is a warning: nobody has said that it is harmless. */
export function levelOf(level: SeverityLevel): 'error' | 'warning' | 'note' {
  if (level === 'critical' || level === 'high') return 'error';
  return level === 'medium' || level === 'unknown' ? 'warning' : 'note';
}

/**
 * The `security-severity` property, a score from 0.1 to 10 as text. The score is used only where it agrees with the
 * level, so that a vendor's rating is not overruled by a generic score; undefined for unknown.
 */
export function securitySeverity({ level, score }: Severity): string | undefined {
  const band = bands[level];
  if (band === undefined) return undefined;
  const [from, to, typical] = band;
  return score !== null && score >= from && score <= to ? score.toFixed(1) : typical;
}

/** The most severe of several ratings; the list is not empty. */
export function worst(severities: readonly Severity[]): Severity {
  const sorted = severities.toSorted(
    (a, b) => order.indexOf(a.level) - order.indexOf(b.level) || (b.score ?? 0) - (a.score ?? 0),
  );
  return sorted[0] ?? { level: 'unknown', source: null, score: null, vector: null };
}

/** Text that a SARIF viewer cannot take for a link: `[text](target)` is the only markup of a plain message. */
export function plainMessage(text: string): string {
  return documentText(text).replaceAll('](', '] (') || 'no description';
}
