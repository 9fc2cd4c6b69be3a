import type { SeverityLevel } from '../advisories/index.ts';
import type { FixPlan } from '../ecosystems/index.ts';
import { type ScanReport, type VulnerabilityFinding, vulnerabilitiesIn } from '../findings/index.ts';
import { type Digest, digestOf, type ImageRepository } from '../image/index.ts';
import type { BuiltRecord, FixDeps, FixRequest } from './contract.ts';
import { FixError } from './errors.ts';
import { isSatisfied, notProven, plannedOutcomes } from './outcomes.ts';
import type { FixPart } from './part.ts';
import { openPushed } from './read-back.ts';
import type { FixTask } from './task.ts';

/** What the rescan of one pushed platform says. */
export interface PartVerification {
  /** The source, matched on the same advisory snapshot as `after`. */
  readonly before: ScanReport;
  readonly after: ScanReport;
  /** Digest of the rescan report in the blob store. */
  readonly report: Digest;
  /** Requested ids that are still there, sorted. */
  readonly remaining: readonly string[];
  /** Ids that were not there before, sorted. */
  readonly introduced: readonly string[];
  /** Ids that went away without having been asked for, sorted. */
  readonly sideEffects: readonly string[];
}

const levels: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

/**
 * Scans the pushed digest as the repository serves it, and compares with the source on one advisory snapshot.
 * @throws FixError `advisory_data_stale` when that cannot be had, `digest_mismatch` for another image
 */
export async function rescan(
  part: FixPart,
  built: BuiltRecord,
  task: FixTask,
  repository: ImageRepository,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<PartVerification> {
  const pushed = await openPushed(repository, built.manifest.digest, part.image, signal);
  const after = await deps.scan(pushed, signal, deps.progress);
  let before = part.before;
  if (Date.parse(after.advisories.createdAt) < Date.parse(before.advisories.createdAt)) {
    throw stale('the advisory data became older while the task ran');
  }
  if (after.advisories.snapshot !== before.advisories.snapshot) {
    before = await deps.scan(part.image, signal, deps.progress);
    if (after.advisories.snapshot !== before.advisories.snapshot) throw stale('the advisory data keeps changing');
  }
  const report = await storeReport(part, after, task, deps, signal);
  return { before, after, report, ...compare(part, before, after) };
}

/** Keeps the first rescan of a task: a run that continues it attaches the same documents, not similar ones. */
async function storeReport(
  part: FixPart,
  after: ScanReport,
  task: FixTask,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<Digest> {
  const recorded = task.part(part.platform).rescan;
  if (recorded !== null && (await deps.blobs.size(recorded)) !== undefined) return recorded;
  const bytes = Buffer.from(JSON.stringify(after));
  const { digest } = await task.effect('report-stored', () =>
    deps.blobs.put([bytes], { digest: digestOf(bytes), size: bytes.length }, signal),
  );
  await task.updatePart(part.platform, { rescan: digest });
  return digest;
}

function stale(message: string): FixError {
  return new FixError('advisory_data_stale', message, {
    retryable: true,
    hint: 'run the same command again once the update of the advisory data is done',
  });
}

function compare(
  part: FixPart,
  before: ScanReport,
  after: ScanReport,
): Pick<PartVerification, 'remaining' | 'introduced' | 'sideEffects'> {
  const old = index(before);
  const now = index(after);
  const requested = new Set(part.selection.grains.map((grain) => key(grain.id, grain.package ?? '')));
  const idsOf = (entries: ReadonlyMap<string, VulnerabilityFinding>, keep: (key: string) => boolean): string[] =>
    [...new Set([...entries].filter(([entry]) => keep(entry)).map(([, finding]) => finding.id))].sort();
  return {
    remaining: idsOf(now, (entry) => requested.has(entry)),
    introduced: idsOf(now, (entry) => !old.has(entry)),
    sideEffects: idsOf(old, (entry) => !now.has(entry) && !requested.has(entry)),
  };
}

/** Findings by (vulnerability, package name): versions differ before and after by intention. */
function index(report: ScanReport): ReadonlyMap<string, VulnerabilityFinding> {
  const names = new Map(report.packages.map(({ purl, name }) => [purl, name]));
  const counted = vulnerabilitiesIn(report).filter((finding) => finding.state !== 'unimportant');
  return new Map(counted.map((finding) => [key(finding.id, names.get(finding.package) ?? finding.package), finding]));
}

function key(id: string, name: string): string {
  return JSON.stringify([id, name]);
}

/**
 * The promotion gate (fix-engine.md §2.2).
 * @throws FixError `still_vulnerable`, `new_severe_finding`, `all_or_nothing_unmet`
 */
export function checkGate(part: FixPart, plan: FixPlan, verification: PartVerification, request: FixRequest): void {
  const { before, after } = verification;
  if (after.scan.state !== 'complete' && before.scan.state === 'complete') {
    throw new FixError('still_vulnerable', `the rescan of ${part.platform} could not look at everything`);
  }
  const planned = plannedOutcomes(part.selection.grains, plan);
  for (const { grain, outcome } of planned) {
    const problem = outcome === 'fixed' ? notProven(grain, plan, after) : undefined;
    if (problem === undefined) continue;
    throw new FixError('still_vulnerable', `${grain.id} in ${grain.package}: ${problem}`, {
      hint: 'nothing was tagged; the pushed digest can be examined with drydock scan',
    });
  }
  const severe = introducedFrom(before, after, request.gate);
  if (severe.length > 0) {
    throw new FixError('new_severe_finding', `the result would bring in ${severe.slice(0, 5).join(', ')}`, {
      hint: `nothing was tagged; --gate sets the level from which a new finding counts (now ${request.gate})`,
    });
  }
  if (request.strategy === 'all-or-nothing') checkAll(planned);
}

/** @throws FixError `all_or_nothing_unmet` naming what would stay open */
export function checkAll(planned: ReturnType<typeof plannedOutcomes>): void {
  const open = planned.filter(({ outcome }) => !isSatisfied(outcome));
  if (open.length === 0) return;
  const names = open.slice(0, 5).map(({ grain, outcome }) => `${grain.id} (${outcome})`);
  throw new FixError('all_or_nothing_unmet', `not all that was asked can be fixed: ${names.join(', ')}`, {
    hint: 'use --strategy best-effort to get the rest fixed',
  });
}

function introducedFrom(before: ScanReport, after: ScanReport, gate: SeverityLevel): readonly string[] {
  const old = index(before);
  const worst = levels.indexOf(gate);
  return [...index(after)]
    .filter(([entry, finding]) => !old.has(entry) && levels.indexOf(finding.severity.level) <= worst)
    .map(([, finding]) => finding.id);
}
