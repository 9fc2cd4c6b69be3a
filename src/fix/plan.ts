import type { Fixer, FixInput, FixPlan, OsRelease, PreparedChange, Rejection } from '../ecosystems/index.ts';
import type { ScanReport } from '../findings/index.ts';
import { digestOf } from '../image/index.ts';
import type { FixDeps } from './contract.ts';
import { FixError } from './errors.ts';
import type { Ground, NoGround } from './ground.ts';
import { plannedOutcomes } from './outcomes.ts';
import type { FixPart } from './part.ts';
import type { FixTask } from './task.ts';

/** Revisions of a plan after which the task gives up: each must have rejected something new. */
const maxRevisions = 12;

/** A plan together with the ground that it was made for. */
export interface PlannedPart {
  readonly plan: FixPlan;
  readonly ground: Ground;
}

/** What the planner needs of the task. */
export interface PlanContext {
  readonly deps: FixDeps;
  readonly plannedAt: Date;
  readonly pinned: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/**
 * Plans one platform. Below our earlier layer if that loses nothing of what it had repaired, else on top of it.
 * @returns NoGround when this image cannot be written at all
 */
export async function planPart(
  part: FixPart,
  context: PlanContext,
  rejected: readonly Rejection[],
  revision: number,
): Promise<PlannedPart | NoGround> {
  const below = part.own && (await part.groundBelow());
  if (below && !('unsupported' in below)) {
    const plan = await makePlan(part, below, context, rejected, revision);
    if (keepsEverything(plan, below, context.deps)) return { plan, ground: below };
  }
  const ground = await part.ground();
  if ('unsupported' in ground) return ground;
  return { plan: await makePlan(part, ground, context, rejected, revision), ground };
}

async function makePlan(
  part: FixPart,
  ground: Ground,
  context: PlanContext,
  rejected: readonly Rejection[],
  revision: number,
): Promise<FixPlan> {
  const input: FixInput = {
    view: ground.view,
    os: osOf(part.before),
    platform: part.image.platform,
    findings: ground.findings,
    pinned: context.pinned,
    rejected,
    revision,
    plannedAt: context.plannedAt,
  };
  return ground.fixer.plan(input, context.signal, context.deps.progress);
}

function osOf(report: ScanReport): OsRelease | undefined {
  const os = report.image.os;
  if (!os) return undefined;
  return { id: os.id, versionId: os.versionId, codename: null, prettyName: os.prettyName, path: 'etc/os-release' };
}

/** E6: replacing our layer must not take a package back behind the version that it has now. */
function keepsEverything(plan: FixPlan, ground: Ground, deps: FixDeps): boolean {
  const versions = deps.versions(plan.ecosystem);
  const planned = new Map(plan.upgrades.map((upgrade) => [upgrade.name, upgrade.to]));
  for (const [name, version] of ground.keep) {
    const to = planned.get(name);
    if (to === undefined) return false;
    if (to !== version && (versions === undefined || versions.compare(to, version) < 0)) return false;
  }
  return true;
}

/** Everything downloaded and decided; nothing written yet. */
export interface ReadyPart extends PlannedPart {
  readonly change: PreparedChange;
}

/** Downloads what the plan names and plans again around what cannot be had. The packages are durable afterwards. */
export async function fetchPart(
  task: FixTask,
  part: FixPart,
  planned: PlannedPart,
  context: PlanContext,
): Promise<PlannedPart | NoGround> {
  return settle<PlannedPart>(task, part, planned, context, async ({ plan, ground }) => {
    if (!hasWork(part, plan)) return { done: { plan, ground } };
    const fetched = await task.effect('packages-stored', () =>
      ground.fixer.fetch(plan, context.signal, context.deps.progress),
    );
    return fetched.length > 0 ? { rejected: fetched } : { done: { plan, ground } };
  });
}

/** Decides everything that applying would do; rejected packages lead to another plan, whose packages are fetched. */
export async function preparePart(
  task: FixTask,
  part: FixPart,
  planned: PlannedPart,
  context: PlanContext,
): Promise<ReadyPart | PlannedPart | NoGround> {
  return settle<ReadyPart | PlannedPart>(task, part, planned, context, async ({ plan, ground }) => {
    if (!hasWork(part, plan)) return { done: { plan, ground } };
    // The first plan was fetched in the stage before; only a revision may name other packages.
    const again = plan.revision !== planned.plan.revision;
    const missing = again ? await ground.fixer.fetch(plan, context.signal, context.deps.progress) : [];
    if (missing.length > 0) return { rejected: missing };
    const prepared = await prepare(ground.fixer, plan, ground, context);
    return 'rejected' in prepared ? prepared : { done: { plan, ground, change: prepared.change } };
  });
}

function prepare(fixer: Fixer, plan: FixPlan, ground: Ground, context: PlanContext): ReturnType<Fixer['prepare']> {
  return fixer.prepare(plan, ground.view, context.signal, context.deps.progress);
}

/** Whether a plan repairs anything of what was asked; repeating what our replaced layer had does not count. */
export function hasWork(part: Pick<FixPart, 'selection'>, plan: FixPlan): boolean {
  return plannedOutcomes(part.selection.grains, plan).some(({ outcome }) => outcome === 'fixed');
}

type Attempt<T> = { readonly done: T } | { readonly rejected: readonly Rejection[] };

async function settle<T extends PlannedPart>(
  task: FixTask,
  part: FixPart,
  first: PlannedPart,
  context: PlanContext,
  attempt: (planned: PlannedPart) => Promise<Attempt<T>>,
): Promise<T | NoGround> {
  let planned = first;
  for (;;) {
    context.signal.throwIfAborted();
    const result = await attempt(planned);
    if ('done' in result) return result.done;
    const news = result.rejected.filter(({ package: name }) => !part.rejected.some((old) => old.package === name));
    if (news.length === 0 || planned.plan.revision >= maxRevisions) {
      throw new FixError('limit_exceeded', `no plan holds after ${planned.plan.revision} revisions`, {
        hint: 'fix fewer packages at once, for example with --package',
      });
    }
    part.rejected.push(...news);
    const next = await planPart(part, context, part.rejected, planned.plan.revision + 1);
    if ('unsupported' in next) return next;
    planned = next;
    await storePlan(task, part, planned, context.deps, context.signal);
  }
}

/** Keeps the plan in the blob store and its digest in the task. */
export async function storePlan(
  task: FixTask,
  part: FixPart,
  { plan, ground }: PlannedPart,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<void> {
  const bytes = planBytes(plan);
  const { digest } = await task.effect('plan-stored', () =>
    deps.blobs.put([bytes], { digest: digestOf(bytes), size: bytes.length }, signal),
  );
  await task.updatePart(part.platform, {
    plan: digest,
    replacesTop: ground.replaces !== undefined,
    built: null,
    rescan: null,
  });
}

/** The plan as it is stored and as its digest counts. */
export function planBytes(plan: FixPlan): Uint8Array {
  return Buffer.from(JSON.stringify(plan));
}
