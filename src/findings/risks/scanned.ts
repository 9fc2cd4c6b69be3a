import type { Diagnostic } from '../../kernel/index.ts';
import type { ScanReport } from '../report.ts';
import { type RiskKind, riskKinds } from './kinds.ts';
import { mostRisks } from './limits.ts';
import { kindOfRisk, type RiskFacts, riskFacts, risksIn } from './risk-facts.ts';

/** What finds risks: the detectors, and the advisories that name malicious packages. */
export type RiskDetector = ScanReport['scan']['scanners'][number];

/** All of them. */
export const riskDetectors: readonly RiskDetector[] = ['baseline', 'malware', 'secret', 'vuln'];

/** What one scan says of risks. */
export interface ScannedRisks {
  /** In the order of the report. */
  readonly found: readonly RiskFacts[];
  /** What this scan says nothing of: what was known of it stays. */
  readonly notAsked: readonly RiskDetector[];
}

/** Which detector finds a kind. @param isPackage a malicious package, and no file. */
export function riskDetectorOf(kind: RiskKind, isPackage: boolean): RiskDetector {
  if (kind === 'malicious') return isPackage ? 'vuln' : 'malware';
  return kind === 'sensitive' ? 'secret' : 'baseline';
}

/** The risks of a report, at most so many of each kind, and a word on what was left out. */
export function scannedRisks(report: ScanReport): {
  readonly risks: ScannedRisks;
  readonly left: readonly Diagnostic[];
} {
  const all = risksIn(report.findings);
  const groups = Map.groupBy(all, kindOfRisk);
  const left = riskKinds
    .filter((kind) => (groups.get(kind)?.length ?? 0) > mostRisks)
    .map((kind): Diagnostic => {
      const message = `of ${groups.get(kind)?.length} findings of the kind ${kind} only ${mostRisks} were stored`;
      return { code: 'risks_truncated', message, partial: true };
    });
  const counts = new Map<RiskKind, number>();
  const kept = all.filter((finding) => {
    const kind = kindOfRisk(finding);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= mostRisks;
  });
  const asked = new Set<RiskDetector>(report.scan.scanners);
  const notAsked = riskDetectors.filter((detector) => !asked.has(detector));
  return { risks: { found: kept.map(riskFacts), notAsked }, left };
}
