import type { FixPlan } from '../ecosystems/index.ts';
import type { CveTotals, FixReport, FixStage, FixStatus, ReportOutcome, ScanReport } from '../findings/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { BuiltRecord, FixRecord } from './contract.ts';
import type { PartVerification } from './verify.ts';

/** One platform at the end of a task. */
export interface ReportedPart {
  readonly platform: string;
  readonly before: ScanReport;
  readonly plan: FixPlan | undefined;
  readonly built: BuiltRecord | undefined;
  readonly verification: PartVerification | undefined;
  readonly outcomes: readonly ReportOutcome[];
}

/** Everything that a report is made of. */
export interface ReportInput {
  readonly record: FixRecord;
  readonly parts: readonly ReportedPart[];
  readonly status: FixStatus;
  readonly stage: FixStage;
  readonly reason: { readonly code: string; readonly message: string } | null;
  /** Whether the target tag names the result; a result that was held back is not shown as one. */
  readonly delivered: boolean;
  readonly indexDigest: string | null;
  readonly finishedAt: Date | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The fix report (spec report.md). */
export function buildReport(input: ReportInput): FixReport {
  const { record, parts } = input;
  const several = parts.length > 1;
  const outcomes = parts.flatMap((part) => part.outcomes);
  return {
    schemaVersion: 1,
    task: {
      id: record.id,
      status: input.status,
      stage: input.stage,
      startedAt: record.startedAt,
      finishedAt: input.finishedAt?.toISOString() ?? null,
      reason: input.reason,
    },
    source: { ...record.source, platform: parts.map(({ platform }) => platform).join(', ') },
    result: input.delivered ? resultOf(input, several) : null,
    requested: [...new Set(outcomes.map(({ id }) => id))].sort(),
    outcomes,
    upgrades: upgradesOf(parts),
    verification: verificationOf(parts),
    counts: {
      before: sum(parts.map(({ before, verification }) => verification?.before ?? before)),
      after: countsAfter(parts),
    },
    diagnostics: input.diagnostics,
  };
}

function resultOf({ record, parts, indexDigest }: ReportInput, several: boolean): FixReport['result'] {
  const built = parts.flatMap((part) => (part.built ? [{ platform: part.platform, ...shape(part.built) }] : []));
  const [first] = built;
  if (!first) return null;
  return {
    reference: referenceOf(record.target),
    digest: first.digest,
    indexDigest,
    layer: first.layer,
    referrers: record.referrers,
    ...(several && { platforms: built }),
  };
}

function shape({ layer, manifest }: BuiltRecord): { digest: string; layer: NonNullable<FixReport['result']>['layer'] } {
  const { digest, size, files, removed } = layer;
  return { digest: manifest.digest, layer: { digest, size, files, removed } };
}

/** How the user names the result: `host/repository:tag` or `oci:DIR:tag`. */
export function referenceOf(target: { repository: string; tag: string }): string {
  return `${target.repository}:${target.tag}`;
}

function upgradesOf(parts: readonly ReportedPart[]): FixReport['upgrades'] {
  const upgrades = new Map<string, FixReport['upgrades'][number]>();
  for (const upgrade of parts.flatMap(({ plan }) => plan?.upgrades ?? [])) {
    const { name, arch, from, to, repository, sha256, reason } = upgrade;
    upgrades.set(JSON.stringify([name, arch, from, to]), { name, arch, from, to, repository, sha256, reason });
  }
  return [...upgrades.values()];
}

function verificationOf(parts: readonly ReportedPart[]): FixReport['verification'] {
  const done = parts.flatMap(({ verification, built }) => (verification && built ? [{ verification, built }] : []));
  const [first] = done;
  if (!first) return null;
  const merge = (pick: (verification: PartVerification) => readonly string[]): string[] =>
    [...new Set(done.flatMap(({ verification }) => pick(verification)))].sort();
  const total = (pick: (built: BuiltRecord) => number): number => done.reduce((sum, { built }) => sum + pick(built), 0);
  return {
    report: first.verification.report,
    remaining: merge(({ remaining }) => remaining),
    introduced: merge(({ introduced }) => introduced),
    sideEffects: merge(({ sideEffects }) => sideEffects),
    integrity: {
      files: total(({ integrity }) => integrity.files),
      mismatches: total(({ integrity }) => integrity.mismatches),
    },
  };
}

/** Platforms that were left as they are count as before; null when nothing was verified. */
function countsAfter(parts: readonly ReportedPart[]): CveTotals | null {
  if (!parts.some(({ verification }) => verification)) return null;
  return sum(parts.map(({ before, verification }) => verification?.after ?? before));
}

function sum(reports: readonly ScanReport[]): CveTotals {
  const add = (pick: (counts: ScanReport['counts']['cve']) => number): number =>
    reports.reduce((total, report) => total + pick(report.counts.cve), 0);
  return {
    total: add(({ total }) => total),
    critical: add(({ critical }) => critical),
    high: add(({ high }) => high),
    medium: add(({ medium }) => medium),
    low: add(({ low }) => low),
    unknown: add(({ unknown }) => unknown),
  };
}
