import type { FixPlan } from '../ecosystems/index.ts';
import { attestResult } from './attest-result.ts';
import { readBlobBytes } from './blob-bytes.ts';
import { buildPart } from './build.ts';
import type { BuiltRecord } from './contract.ts';
import { FixError } from './errors.ts';
import { assembleImage, type BuiltPart, parseBuilt } from './image.ts';
import { plannedOutcomes } from './outcomes.ts';
import type { FixPart } from './part.ts';
import { fetchPart, hasWork, type PlanContext, type PlannedPart, planPart, preparePart, storePlan } from './plan.ts';
import { checkOverwrite, promote } from './promote.ts';
import { pushResult } from './push.ts';
import { unjudged } from './select.ts';
import type { RunState } from './state.ts';
import { checkAll, checkGate, rescan } from './verify.ts';

/** Plans every platform; a task that is continued takes its recorded plans. */
export async function planStage(state: RunState): Promise<void> {
  for (const part of state.parts) {
    const gap = unjudged(part.before);
    if (gap !== undefined) state.unsupported.set(part.platform, gap);
    if (part.selection.grains.every((grain) => grain.settled !== null)) continue;
    const recorded = await loadPlan(state, part);
    if (recorded) {
      state.plans.set(part.platform, recorded);
      continue;
    }
    const planned = await planPart(part, contextOf(state), [], 1);
    if ('unsupported' in planned) {
      state.unsupported.set(part.platform, planned.unsupported);
      continue;
    }
    if (!state.request.planOnly) await storePlan(state.task, part, planned, state.deps, state.signal);
    adopt(state, part, planned);
  }
  checkStrategy(state);
  await state.task.advance('planned');
}

/** The platforms whose plan repairs something. */
export function workingParts(state: RunState): readonly FixPart[] {
  return state.parts.filter((part) => {
    const plan = state.plans.get(part.platform);
    return plan !== undefined && hasWork(part, plan);
  });
}

/**
 * Refuses under all-or-nothing as soon as a plan shows that something asked for stays open.
 * @throws FixError `unsupported_image`, `all_or_nothing_unmet`
 */
export function checkStrategy(state: RunState): void {
  if (state.request.strategy !== 'all-or-nothing') return;
  for (const part of state.parts) {
    const detail = state.unsupported.get(part.platform);
    if (detail !== undefined) throw new FixError('unsupported_image', detail);
    const plan = state.plans.get(part.platform) ?? emptyPlan(part, state);
    checkAll(plannedOutcomes(part.selection.grains, plan));
  }
}

/** A platform whose grains were all settled by the selection needs no planner. */
function emptyPlan(part: FixPart, state: RunState): FixPlan {
  return {
    schema: 1,
    ecosystem: '',
    revision: 0,
    plannedAt: state.task.record.plannedAt,
    platform: part.image.platform,
    indexes: [],
    upgrades: [],
    outcomes: [],
    estimate: { download: 0, layer: 0 },
    diagnostics: [],
  };
}

async function loadPlan(state: RunState, part: FixPart): Promise<FixPlan | undefined> {
  const digest = state.task.part(part.platform).plan;
  if (digest === null || (await state.deps.blobs.size(digest)) === undefined) return undefined;
  return JSON.parse((await readBlobBytes(state.deps.blobs, digest, state.signal)).toString('utf8')) as FixPlan;
}

function contextOf(state: RunState): PlanContext {
  return {
    deps: state.deps,
    plannedAt: new Date(state.task.record.plannedAt),
    pinned: state.request.pinned,
    signal: state.signal,
  };
}

function adopt(state: RunState, part: FixPart, planned: PlannedPart): void {
  state.plans.set(part.platform, planned.plan);
  state.planned.set(part.platform, planned);
}

/** Whether the tag may be set at the end, asked once before the work begins. */
export async function overwriteStage(state: RunState): Promise<void> {
  const { task, request, target, deps, signal } = state;
  await checkOverwrite(target.tag, task.record.tagBefore, request, target.repository, deps, signal);
}

/** Downloads and verifies the packages of every platform that is not built yet. */
export async function fetchStage(state: RunState): Promise<void> {
  await state.task.advance('fetching');
  for (const part of workingParts(state)) {
    if (await builtBefore(state, part)) continue;
    await replan(state, part, fetchPart(state.task, part, await plannedOf(state, part), contextOf(state)));
  }
}

/** Decides, writes and checks the new layer of every platform, then puts the image together. */
export async function buildStage(state: RunState): Promise<void> {
  await state.task.advance('building');
  for (const part of workingParts(state)) {
    const reused = await builtBefore(state, part);
    if (reused) {
      state.built.set(part.platform, reused);
      continue;
    }
    const preparing = preparePart(state.task, part, await plannedOf(state, part), contextOf(state));
    try {
      const ready = await replan(state, part, preparing);
      if (!ready || !('change' in ready)) continue;
      const built = await buildPart(state.task, part, ready, state.request, state.deps, state.signal);
      state.built.set(part.platform, built);
    } finally {
      await giveBack(preparing);
    }
  }
  if (state.built.size === 0) throw nothingApplicable(state);
  state.image = assembleImage(state.opened, [...state.built.values()]);
  const { root } = state.image;
  const [first] = state.built.values();
  if (first && root.digest !== first.built.manifest.digest) {
    const { layer } = first.built;
    await state.deps.journal.addOwnResult({
      manifest: root.digest,
      layer: layer.digest,
      origin: state.opened.root.digest,
    });
  }
  await state.task.update({ root: { digest: root.digest, mediaType: root.mediaType } });
}

/** What was decided keeps unpacked content on disk, whether it was written into a layer or something failed before. */
async function giveBack(preparing: ReturnType<typeof preparePart>): Promise<void> {
  const prepared = await preparing.catch(() => undefined);
  if (prepared && 'change' in prepared) await prepared.change.discard();
}

/** The end of a task that has found nothing it may change although something was asked for. */
export function nothingApplicable(state: RunState): FixError {
  const [unsupported] = state.unsupported.values();
  if (unsupported !== undefined) return new FixError('unsupported_image', unsupported);
  return new FixError('nothing_applicable', 'none of what was asked can be fixed now', {
    hint: 'the outcomes say why for each; run again later, or look at them with --plan',
  });
}

async function plannedOf(state: RunState, part: FixPart): Promise<PlannedPart> {
  const known = state.planned.get(part.platform);
  if (known) return known;
  const plan = state.plans.get(part.platform);
  const ground = state.task.part(part.platform).replacesTop ? await part.groundBelow() : await part.ground();
  if (!plan || !ground || 'unsupported' in ground) throw new FixError('internal', 'the recorded plan has no ground');
  const planned = { plan, ground };
  state.planned.set(part.platform, planned);
  return planned;
}

async function replan<T extends PlannedPart>(
  state: RunState,
  part: FixPart,
  settling: Promise<T | { readonly unsupported: string }>,
): Promise<T | undefined> {
  const settled = await settling;
  if ('unsupported' in settled) {
    state.unsupported.set(part.platform, settled.unsupported);
    return undefined;
  }
  adopt(state, part, settled);
  checkStrategy(state);
  return settled;
}

/** What an interrupted run had built, when all of it is still in the blob store. */
async function builtBefore(state: RunState, part: FixPart): Promise<BuiltPart | undefined> {
  const built: BuiltRecord | null = state.task.part(part.platform).built;
  if (!built) return undefined;
  for (const { digest, size } of [built.layer, built.config, built.manifest]) {
    if ((await state.deps.blobs.size(digest)) !== size) return undefined;
  }
  const bytes = await readBlobBytes(state.deps.blobs, built.manifest.digest, state.signal);
  return { platform: part.platform, image: part.image, built, document: parseBuilt(bytes, built.manifest.mediaType) };
}

/** Sends everything by digest; no tag is touched. */
export async function pushStage(state: RunState): Promise<void> {
  await state.task.advance('pushing');
  const { task, opened, target, deps, signal } = state;
  await pushResult(builtImage(state), {
    task,
    opened,
    target: target.repository,
    sameRepository: target.sameRepository,
    deps,
    signal,
  });
}

/** Rescans what the repository serves, holds it against the gate, attaches the evidence. */
export async function verifyStage(state: RunState): Promise<void> {
  const { task, target, deps, signal, request } = state;
  await task.advance('verifying');
  for (const part of workingParts(state)) {
    const built = state.built.get(part.platform);
    if (!built) continue;
    state.verifications.set(part.platform, await rescan(part, built.built, task, target.repository, deps, signal));
  }
  for (const part of workingParts(state)) {
    const plan = state.plans.get(part.platform);
    const verification = state.verifications.get(part.platform);
    if (plan && verification) checkGate(part, plan, verification, request);
  }
  await attestResult(state, builtImage(state));
}

/** Moves the target tag to the proven result. */
export async function promoteStage(state: RunState): Promise<void> {
  await promote(state.task, state.target.repository, builtImage(state).root, state.signal);
}

function builtImage(state: RunState): NonNullable<RunState['image']> {
  if (!state.image) throw new FixError('internal', 'there is no built image');
  return state.image;
}
