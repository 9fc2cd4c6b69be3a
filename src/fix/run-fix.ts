import type { FixReport } from '../findings/index.ts';
import type { Digest } from '../image/index.ts';
import type { FixDeps, FixLease, FixRecord, FixRequest, FixRun } from './contract.ts';
import { asFixError, FixError, type FixFailure } from './errors.ts';
import { dedupeKey, openParts } from './open-parts.ts';
import { isSatisfied } from './outcomes.ts';
import { previewOf } from './preview.ts';
import { removeTemporaryTags } from './push.ts';
import { referenceOf } from './report.ts';
import {
  buildStage,
  fetchStage,
  nothingApplicable,
  overwriteStage,
  planStage,
  promoteStage,
  pushStage,
  verifyStage,
  workingParts,
} from './stages.ts';
import { type Ending, outcomesOf, type RunState, reportOf } from './state.ts';
import { sweepAbandoned } from './sweep.ts';
import { resolveTarget } from './target.ts';
import { FixTask } from './task.ts';

/** What a run is made of before it has a task. */
type Opening = Pick<RunState, 'request' | 'deps' | 'signal' | 'opened' | 'target' | 'parts'>;

/**
 * Repairs one image: scan → plan → fetch → build → push by digest → rescan → attest → tag (fix-engine.md §3, §4).
 * Once the source is open, every ending is a report with exactly one outcome per requested vulnerability.
 * @throws FixError for requests that cannot become a task (`invalid_tag`, `output_required`, `target_moved` …);
 * errors of opening and scanning the source
 */
export async function runFix(request: FixRequest, deps: FixDeps, signal: AbortSignal): Promise<FixRun> {
  await using opened = await deps.openReference(request.reference, signal);
  await using target = await resolveTarget(request, opened, deps, signal);
  const parts = await openParts(request, opened, deps, signal);
  const opening: Opening = { request, deps, signal, opened, target, parts };
  if (request.planOnly) return await planOnly(opening);
  const place = { repository: target.repository.name, tag: target.tag };
  const seen = await target.repository.resolveTag(target.tag, signal);
  await using lease = await deps.journal.lease(place, signal);
  await sweepAbandoned(deps);
  const found = await findTask(opening, seen);
  if ('report' in found) return { report: found.report, plans: [], target: referenceOf(place), failure: undefined };
  const state = newState(opening, new FixTask(found.record, lease, deps));
  await state.task.update({ startedAt: found.record.startedAt });
  try {
    return await work(state);
  } catch (error) {
    // Awaited here, as everywhere above: what is held ends when this returns.
    return await fail(state, error);
  }
}

function newState(opening: Opening, task: FixTask): RunState {
  return {
    ...opening,
    task,
    plans: new Map(),
    planned: new Map(),
    unsupported: new Map(),
    built: new Map(),
    verifications: new Map(),
    diagnostics: [],
    image: undefined,
  };
}

async function work(state: RunState): Promise<FixRun> {
  await planStage(state);
  if (workingParts(state).length === 0) return nothingToDo(state);
  await overwriteStage(state);
  await fetchStage(state);
  if (workingParts(state).length === 0) throw nothingApplicable(state);
  await buildStage(state);
  await pushStage(state);
  await verifyStage(state);
  await promoteStage(state);
  state.diagnostics.push(...(await removeTemporaryTags(state.task, state.target.repository, neverAborted())));
  return end(
    state,
    { status: allSatisfied(state) ? 'success' : 'partial', stage: 'promoted', reason: null },
    undefined,
  );
}

/** Everything was fine already, which is a success that changes nothing; else there is a reason for each. */
async function nothingToDo(state: RunState): Promise<FixRun> {
  if (!allSatisfied(state)) throw nothingApplicable(state);
  return end(state, { status: 'success', stage: 'planned', reason: null }, undefined);
}

function allSatisfied(state: RunState): boolean {
  if (state.unsupported.size > 0) return false;
  return state.parts.every((part) => outcomesOf(state, part, undefined).every(({ outcome }) => isSatisfied(outcome)));
}

async function end(state: RunState, ending: Ending, failure: Error | undefined): Promise<FixRun> {
  const report = reportOf(state, ending, state.deps.clock.now());
  await state.task.finish(ending.stage, report);
  await dropLocalImage(state);
  return { report, plans: plansOf(state), target: referenceOf(state.task.record.target), failure };
}

async function fail(state: RunState, error: unknown): Promise<FixRun> {
  const failure = state.signal.aborted
    ? new FixError('cancelled', 'the task was cancelled; nothing was tagged', { cause: error })
    : asFixError(error, fallbackFor(state));
  const stage = failure.code === 'cancelled' ? 'cancelled' : 'failed';
  const ending: Ending = { status: stage, stage, reason: { code: failure.code, message: failure.message } };
  if (failure.code === 'lease_lost') {
    // Somebody else owns the record now; only this process's answer is left to give.
    return {
      report: reportOf(state, ending, state.deps.clock.now()),
      plans: plansOf(state),
      target: referenceOf(state.task.record.target),
      failure,
    };
  }
  state.diagnostics.push(...(await removeTemporaryTags(state.task, state.target.repository, neverAborted())));
  return end(state, ending, failure);
}

function fallbackFor(state: RunState): FixFailure {
  const { stage } = state.task.record;
  return stage === 'pushing' || stage === 'verifying' ? 'registry_rejected' : 'source_unavailable';
}

function plansOf(state: RunState): FixRun['plans'] {
  return state.parts.flatMap((part) => state.plans.get(part.platform) ?? []);
}

/** The result lives in the target repository now; plans, packages and reports stay as evidence and cache. */
async function dropLocalImage(state: RunState): Promise<void> {
  for (const { built } of state.task.record.parts) {
    if (!built) continue;
    for (const { digest } of [built.layer, built.config, built.manifest]) await state.deps.blobs.remove(digest);
  }
}

/** For clean-up that has to happen although the task was cancelled; the clients have time limits of their own. */
function neverAborted(): AbortSignal {
  return AbortSignal.timeout(30_000);
}

async function planOnly(opening: Opening): Promise<FixRun> {
  const lease: FixLease = { held: async () => true, [Symbol.asyncDispose]: async () => {} };
  const { deps } = opening;
  const record = newRecord(opening, 'plan', null);
  const state = newState(opening, new FixTask(record, lease, { ...deps, journal: { write: async () => {} } }));
  await planStage({ ...state, request: { ...opening.request, strategy: 'best-effort' } });
  const failure = state.plans.size === 0 && !allSatisfied(state) ? nothingApplicable(state) : undefined;
  const ending: Ending = failure
    ? { status: 'failed', stage: 'failed', reason: { code: failure.code, message: failure.message } }
    : { status: 'success', stage: 'planned', reason: null };
  const report: FixReport = reportOf(state, ending, deps.clock.now());
  const target = referenceOf(record.target);
  return { report, plans: plansOf(state), target, failure, preview: previewOf(state) };
}

/** The finished, the interrupted, or a new task for this request. */
async function findTask(
  opening: Opening,
  seen: Digest | undefined,
): Promise<{ readonly record: FixRecord } | { readonly report: FixReport }> {
  const { request, opened, target, parts, deps, signal } = opening;
  const key = dedupeKey(request, opened, target, parts);
  const known = await deps.journal.read(key);
  const now = await target.repository.resolveTag(target.tag, signal);
  if (known && !known.terminal) return { record: known };
  if (known?.report && known.root && known.stage === 'promoted' && now === known.root.digest) {
    return { report: known.report };
  }
  if (now !== seen && request.overwrite === 'never') {
    throw new FixError('target_moved', `another task set the tag ${target.tag} meanwhile`, {
      hint: 'choose another tag, or allow it to be moved with --overwrite',
    });
  }
  return { record: newRecord(opening, key, now ?? null) };
}

function newRecord(opening: Opening, key: string, tagBefore: Digest | null): FixRecord {
  const { request, opened, target, parts, deps } = opening;
  const now = deps.clock.now();
  const plannedAt = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return {
    schema: 1,
    key,
    id: `ivf-${deps.newId()}`,
    stage: 'queued',
    terminal: false,
    engine: `drydock ${deps.version}`,
    startedAt: now.toISOString(),
    plannedAt: plannedAt.toISOString(),
    source: { reference: request.reference, digest: opened.root.digest },
    target: { repository: target.repository.name, tag: target.tag },
    tagBefore,
    parts: parts.map(({ platform, image }) => ({
      platform,
      source: image.document.digest,
      replacesTop: false,
      plan: null,
      built: null,
      rescan: null,
    })),
    root: null,
    pushed: [],
    referrers: [],
    temporaryTags: [],
    transitions: [],
    report: null,
  };
}
