import { type FixDeps, type FixJournal, runFix } from '../../fix/index.ts';
import { type ClaimedJob, type Fence, type JobContext, JobError, type JobHandler } from '../../jobs/index.ts';
import { CodedError, hasCode, messageOf, type ProgressEvent } from '../../kernel/index.ts';
import { cleanLine } from '../fixes/log-lines.ts';
import { requestOf } from '../fixes/request-of.ts';
import { describePlan } from '../plans/describe-plan.ts';
import type { OpenedPlanEngine, PlanEnding, PlanWork, PlanWorld } from '../plans/ports.ts';

/** Names of the moments at which tests let the making of a plan die. */
export const planJobFaultPoints: readonly string[] = ['plan-opened:after', 'plan-made:after', 'plan-ended:before'];

/** How long a plan may take; opening a large image is what takes time. */
const timeoutMs = 15 * 60_000;
/** How long a plan is good for. */
const goodForMs = 60 * 60_000;

/** What the making of one plan works with. */
interface Run {
  readonly world: PlanWorld;
  readonly work: PlanWork;
  readonly fence: Fence;
  readonly job: ClaimedJob;
  readonly context: JobContext;
}

/**
 * Makes one plan with the planning of the fix engine. Nothing but the plan itself is written, and that under the fence of
 * the job, so a job that died is simply done again.
 * @param open gives what the first plan of a process needs; later ones share it
 */
export function createPlanHandler(open: () => Promise<PlanWorld>): JobHandler {
  let world: Promise<PlanWorld> | undefined;
  return {
    kind: 'plan',
    async run(job, context) {
      const { planId } = job.payload as { planId?: unknown };
      if (typeof planId !== 'string') throw new JobError('internal', 'the job names no plan');
      world ??= open();
      const opened = await world.catch((error: unknown) => {
        world = undefined;
        throw error;
      });
      const work = await opened.store.work(planId);
      if (work === null || work.ended) return;
      await opened.faultPoint?.('plan-opened:after');
      await make({ world: opened, work, fence: { jobId: job.id, fence: job.fence }, job, context });
    },
  };
}

async function make(run: Run): Promise<void> {
  const { world, work, context } = run;
  let ending: PlanEnding;
  try {
    ending = await planned(run);
  } catch (error) {
    await assertHeld(await context.held());
    if (mayRetry(run, error)) throw error;
    ending = failedEnding(error, wasCancelled(context));
  }
  await world.faultPoint?.('plan-ended:before');
  await assertHeld(await world.store.finish(run.fence, work.id, ending));
  // The plan is cancelled; so is its job, when that was what the signal asked for.
  if (ending.state === 'cancelled') context.signal.throwIfAborted();
}

async function planned(run: Run): Promise<PlanEnding> {
  const { world, work, context } = run;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
  const stages = new Stages(run);
  await stages.enter('opening');
  await using engine = await world.engine(work, signal);
  const { newTag } = work.order;
  const request = requestOf({ ...work, newTag }, engine.reference);
  const made = await runFix({ ...request, planOnly: true }, depsOf(run, engine, stages), signal);
  await stages.settled();
  await world.faultPoint?.('plan-made:after');
  signal.throwIfAborted();
  if (made.preview === undefined) throw new JobError('internal', 'the engine gave no preview');
  const result = describePlan({ ...made, preview: made.preview }, work.image, newTag, (name) => engine.mirror(name));
  return { state: 'ready', result, expiresAt: world.now() + goodForMs };
}

function depsOf({ context, work, world }: Run, engine: OpenedPlanEngine, stages: Stages): FixDeps {
  const progress = (event: ProgressEvent): void => {
    if (event.kind === 'message') return;
    if (event.kind === 'stage' && event.stage === 'plan') stages.told('planning');
    if (event.kind === 'progress' && event.step === 'inspect') stages.told('inspecting');
    const counted =
      event.kind === 'progress' ? { done: event.done, total: event.total ?? null } : { done: 0, total: null };
    context.progress({ stage: stages.now, ...counted });
  };
  return {
    ...engine.deps,
    scan: async (image, signal, tell) => {
      await stages.enter('scanning');
      return engine.deps.scan(image, signal, tell);
    },
    journal: { ...noJournal, ownResult: (manifest) => world.store.ownResult(manifest) },
    progress,
    newId: () => work.id.slice('fpl-'.length),
  };
}

/** A plan remembers nothing. */
const noJournal: Omit<FixJournal, 'ownResult'> = {
  lease: () => Promise.reject(new JobError('internal', 'a plan takes no lease')),
  read: async () => undefined,
  write: async () => {},
  abandoned: async () => [],
  remove: async () => {},
  addOwnResult: async () => {},
};

/** The stages of one run, written in their order. */
class Stages {
  now = 'queued';
  readonly #run: Run;
  #written: Promise<void> = Promise.resolve();

  constructor(run: Run) {
    this.#run = run;
  }

  /** Enters a stage; does nothing when it is the present one. */
  async enter(stage: string): Promise<void> {
    this.told(stage);
    await this.settled();
  }

  /** The same for those who cannot wait. */
  told(stage: string): void {
    if (stage === this.now) return;
    this.now = stage;
    const { world, fence, work } = this.#run;
    this.#written = this.#written.then(async () => assertHeld(await world.store.stage(fence, work.id, stage)));
    this.#written.catch(() => {});
  }

  /** Waits for what was told. @throws JobError `worker_lost` */
  async settled(): Promise<void> {
    await this.#written;
  }
}

/** Somebody asked for the end of the plan; a shutdown or a lost lease asks only for the end of this run. */
function wasCancelled({ signal }: JobContext): boolean {
  return signal.aborted && hasCode(signal.reason, 'cancelled');
}

function mayRetry({ job, context }: Run, error: unknown): boolean {
  if (context.signal.aborted) return !wasCancelled(context);
  return error instanceof CodedError && error.retryable && job.attempts < job.maxAttempts;
}

async function assertHeld(held: boolean): Promise<void> {
  if (!held) throw new JobError('worker_lost', 'the lease of the plan was lost', { retryable: true });
}

function failedEnding(error: unknown, cancelled: boolean): PlanEnding {
  if (cancelled) return { state: 'cancelled', reason: { code: 'cancelled', message: 'the plan was called off' } };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { state: 'failed', reason: { code: 'timeout', message: 'planning took longer than it may' } };
  }
  const code = error instanceof CodedError ? error.code : 'internal';
  return { state: 'failed', reason: { code, message: cleanLine(messageOf(error)) } };
}
