import { countFindings } from '../counts.ts';
import { packagesByPurl } from '../documents/packages.ts';
import type { Ignored } from '../ignored.ts';
import { packageOfFinding } from '../naming.ts';
import type { Finding, ReportPackage, ScanReport } from '../report.ts';

/** Says why a finding does not count; null when it has nothing to say of it. The package is the finding's, if listed. */
export type Decider = (finding: Finding, pkg: ReportPackage | undefined) => Ignored | null;

/**
 * The report with what somebody decided about its findings, and with counts that agree. The first decider that says
 * something decides; what is ignored already stays so.
 */
export function decideFindings(report: ScanReport, deciders: readonly Decider[]): ScanReport {
  if (deciders.length === 0) return report;
  const packages = packagesByPurl(report);
  let changed = false;
  const findings = report.findings.map((finding): Finding => {
    if (finding.ignored !== null) return finding;
    const pkg = packages.get(packageOfFinding(finding) ?? '');
    for (const decide of deciders) {
      const ignored = decide(finding, pkg);
      if (ignored === null) continue;
      changed = true;
      return { ...finding, ignored };
    }
    return finding;
  });
  return changed ? { ...report, findings, counts: countFindings(findings) } : report;
}
