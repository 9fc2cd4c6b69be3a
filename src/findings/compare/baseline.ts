import { isCounted } from '../counts.ts';
import { packagesByPurl } from '../documents/packages.ts';
import { aliasesOfFinding } from '../naming.ts';
import type { Finding, ScanReport } from '../report.ts';
import { comparedName, SameFinding, subjectOf } from './subjects.ts';

/** Marks in reports what an earlier one had already; the earlier one may be of another image. */
export interface Baseline {
  apply(report: ScanReport): ScanReport;
}

/**
 * Makes a baseline of a saved report: a finding is known when the earlier report lists one with the same id, or an alias
 * of it, on a package of the same name, whatever the version, and whether or not it counted there.
 */
export function createBaseline(earlier: ScanReport): Baseline {
  const packages = packagesByPurl(earlier);
  const known = new SameFinding<true>();
  for (const finding of earlier.findings) {
    known.add(true, comparedName(finding), aliasesOfFinding(finding), subjectOf(finding, packages));
  }
  return { apply: (report) => mark(report, earlier, known) };
}

function mark(report: ScanReport, earlier: ScanReport, known: SameFinding<true>): ScanReport {
  const packages = packagesByPurl(report);
  const findings = report.findings.map((finding): Finding => {
    const { known: _known, ...fresh } = finding;
    const same = known.find(comparedName(finding), aliasesOfFinding(finding), subjectOf(finding, packages));
    return same.size === 0 ? fresh : { ...fresh, known: true };
  });
  const counted = findings.filter(isCounted);
  const old = counted.filter((finding) => finding.known === true).length;
  return {
    ...report,
    findings,
    baseline: {
      reference: earlier.image.reference,
      digest: earlier.image.digest,
      finishedAt: earlier.scan.finishedAt,
      known: old,
      new: counted.length - old,
    },
  };
}
