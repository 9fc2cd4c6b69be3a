import type { AdvisoryIndex } from '../advisories/index.ts';
import type { Ecosystem, OsRelease, PackageScope, supportOf } from '../ecosystems/index.ts';
import { countFindings, type Finding, type RiskFinding, type ScanReport, scannerNames } from '../findings/index.ts';
import { compareText, type Diagnostic } from '../kernel/index.ts';
import { type CoverageInput, coverageDiagnostics, notApplicable, scanState } from './coverage.ts';
import type { Detected } from './detection/detect.ts';
import { toFindings, toMaliciousFindings, toReportPackages } from './findings.ts';
import type { Judgement } from './judge.ts';

/** Findings of detectors as reports have them, and how the checks ended that did not fail. */
export interface RiskParts {
  readonly findings: readonly RiskFinding[];
  readonly checks: ScanReport['checks'];
}

/** Everything that a report is made of. */
export interface ReportParts {
  readonly image: ScanReport['image'];
  readonly os: OsRelease | undefined;
  readonly support: ReturnType<typeof supportOf> | undefined;
  readonly judgement: Judgement;
  /** Undefined for a bill of materials: it has no files. */
  readonly detected?: Detected;
  /** What became of it; undefined where no detector was asked. */
  readonly risks?: RiskParts;
  /** False when nothing was matched. Default: true. */
  readonly vulnerabilities?: boolean;
  /** What was noticed while reading; what coverage has to say comes before it. */
  readonly diagnostics: readonly Diagnostic[];
  readonly effort: Pick<ScanReport['scan'], 'layersRead' | 'layersCached' | 'bytesRead'>;
  readonly startedAt: Date;
  readonly now: Date;
  /** Scopes that were asked about. */
  readonly include: readonly PackageScope[];
  readonly index: AdvisoryIndex;
  readonly ecosystems: readonly Ecosystem[];
  readonly toolVersion: string;
}

const noChecks: ScanReport['checks'] = { passed: [], notApplicable: [], unknown: [], disabled: [] };

const nothing: Detected = { asked: [], diagnostics: [] };

/** Puts a report together: findings and counts of what was judged, and a word on what was not. */
export function composeReport(parts: ReportParts): ScanReport {
  const { os, support, judgement, now, ecosystems } = parts;
  const { snapshot } = parts.index;
  const { packages, unmatched } = judgement;
  // What was not asked about was not judged: it is no reason to call an image judged.
  const asked = packages.filter(({ scope }) => parts.include.includes(scope ?? 'installed'));
  const coverage: CoverageInput = { os, support, packages: asked, unmatched, snapshot, now, ecosystems };
  const diagnostics = [
    ...(parts.vulnerabilities === false ? [] : coverageDiagnostics(coverage)),
    ...parts.diagnostics,
    ...(parts.detected?.diagnostics ?? []),
  ];
  const { detected = nothing, risks, vulnerabilities = true } = parts;
  const findings: Finding[] = [
    ...toFindings(judgement.matches, ecosystems, support?.state === 'ended'),
    ...toMaliciousFindings(judgement.malicious),
    ...(risks?.findings ?? []),
  ].sort((a, b) => compareText(a.kind, b.kind));
  const { id, createdAt, origin, sources } = snapshot;
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: parts.toolVersion },
    scan: {
      startedAt: parts.startedAt.toISOString(),
      finishedAt: now.toISOString(),
      ...parts.effort,
      state: scanState(coverage, diagnostics),
      scanners: scannerNames.filter((name) => (name === 'vuln' ? vulnerabilities : detected.asked.includes(name))),
    },
    image: parts.image,
    advisories: { snapshot: id, createdAt, origin, sources },
    counts: countFindings(findings),
    packages: toReportPackages(packages),
    findings,
    checks: withCoverage(risks?.checks ?? noChecks, vulnerabilities ? notApplicable(coverage) : []),
    diagnostics,
  };
}

function withCoverage(
  checks: ScanReport['checks'],
  coverage: ScanReport['checks']['notApplicable'],
): ScanReport['checks'] {
  return { ...checks, notApplicable: [...coverage, ...checks.notApplicable] };
}
