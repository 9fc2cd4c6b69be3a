import type { Schema } from '../../api/client.ts';
import { type SeverityName, severities } from '../../components/show/severities.ts';

type Image = Schema<'Image'>;

const busy: readonly string[] = ['queued', 'pulling', 'analysing'];

/** Whether a scan of the image is under way: its page follows it. */
export function isScanning({ scan }: Pick<Image, 'scan'>): boolean {
  return busy.includes(scan.state);
}

/** Findings of packages by severity, of the system and of applications together. */
export function vulnerabilitiesOf({ counts }: Pick<Image, 'counts'>): Readonly<Record<SeverityName, number>> {
  const sum = (name: SeverityName): number => counts.cve[name] + counts.sca[name];
  return {
    critical: sum('critical'),
    high: sum('high'),
    medium: sum('medium'),
    low: sum('low'),
    unknown: sum('unknown'),
  };
}

/**
 * What can be said of an image: `unknown` where no scan has told anything yet, `clean` only after a whole scan without
 * findings, `noneSoFar` where a scan did not see everything.
 */
export type Verdict =
  | { readonly kind: 'unknown' | 'clean' | 'noneSoFar' }
  | { readonly kind: 'malicious' }
  | { readonly kind: 'severity'; readonly level: SeverityName }
  | { readonly kind: 'risks' };

/** The verdict of an image, by the worst that is known of it. */
export function verdictOf(image: Pick<Image, 'counts' | 'scan'>): Verdict {
  const { counts, scan } = image;
  if (counts.malicious > 0) return { kind: 'malicious' };
  const found = vulnerabilitiesOf(image);
  const level = severities.find((name) => found[name] > 0);
  if (level !== undefined) return { kind: 'severity', level };
  if (counts.sensitive + counts.baseline + counts.instruction > 0) return { kind: 'risks' };
  if (scan.state === 'matched') return { kind: 'clean' };
  return { kind: scan.state === 'partial' ? 'noneSoFar' : 'unknown' };
}

/** What an order to fix everything would take: findings of system packages with a fixed version. */
export function repairable({ counts }: Pick<Image, 'counts'>): number {
  return counts.cve.fixable;
}
