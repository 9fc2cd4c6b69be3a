import type { Schema } from '../../api/client.ts';

/** The steps of a fix in their order, as a person sees them; the engine's stages are its moments of transition. */
export const fixSteps = ['plan', 'fetch', 'build', 'push', 'verify', 'promote'] as const;
/** A step of a fix. */
export type FixStep = (typeof fixSteps)[number];

/** How a step stands: `unneeded` = the fix ended well without it, `missed` = it ended before. */
export type StepState = 'waiting' | 'active' | 'done' | 'failed' | 'cancelled' | 'unneeded' | 'missed';

/** A step with what is known of its time. */
export interface StepInfo {
  readonly step: FixStep;
  readonly state: StepState;
  /** Beginning and end in ms, where they are known. */
  readonly from: number | null;
  readonly to: number | null;
}

/** The step that a stage of the engine is part of; a plan that stands is being fetched next. */
const stepOfStage: Readonly<Record<string, FixStep>> = {
  queued: 'plan',
  planned: 'fetch',
  fetching: 'fetch',
  building: 'build',
  pushing: 'push',
  verifying: 'verify',
  promoted: 'promote',
};

/** The stage by whose beginning a step begins. */
const beginning: Readonly<Record<FixStep, readonly string[]>> = {
  plan: ['queued'],
  fetch: ['planned', 'fetching'],
  build: ['building'],
  push: ['pushing'],
  verify: ['verifying'],
  promote: ['promoted'],
};

type Task = Pick<Schema<'Fix'>, 'stage' | 'status' | 'createdAt' | 'finishedAt'>;

/** The step at which a task is, or ended. */
export function currentStep({ stage }: Pick<Task, 'stage'>, times: ReadonlyMap<string, number>): FixStep {
  const seen = [...times.keys()].map((name) => stepOfStage[name]);
  const reached = [stepOfStage[stage], ...seen].map((step) => (step === undefined ? -1 : fixSteps.indexOf(step)));
  return fixSteps[Math.max(0, ...reached)] ?? 'plan';
}

/** Whether the task made an image: a success without a build changed nothing. */
export function hasBuilt(times: ReadonlyMap<string, number>, newImageUuid: string | null): boolean {
  return newImageUuid !== null || times.has('building');
}

/** Every step with its state and time, from the task and the times in its log. */
export function stepsOf(
  task: Task & Pick<Schema<'Fix'>, 'newImageUuid'>,
  times: ReadonlyMap<string, number>,
): readonly StepInfo[] {
  const at = fixSteps.indexOf(currentStep(task, times));
  const ended = task.finishedAt === null ? null : Date.parse(task.finishedAt);
  const well = task.status === 'success' || task.status === 'partial';
  const built = hasBuilt(times, task.newImageUuid);
  const starts = fixSteps.map((step): number | null => {
    if (step === 'plan') return Date.parse(task.createdAt);
    if (step === 'promote') return well && built ? ended : null;
    const known = beginning[step].map((stage) => times.get(stage)).find((time) => time !== undefined);
    return known ?? null;
  });
  return fixSteps.map((step, index): StepInfo => {
    const from = starts[index] ?? null;
    const next = starts.slice(index + 1).find((time) => time !== null) ?? null;
    const state = stateOf({ index, at, status: task.status, built });
    const to = state === 'active' || state === 'waiting' ? null : (next ?? (from === null ? null : ended));
    return { step, state, from, to: from === null ? null : to };
  });
}

function stateOf(step: {
  readonly index: number;
  readonly at: number;
  readonly status: Task['status'];
  readonly built: boolean;
}): StepState {
  const { index, at, status, built } = step;
  if (status === 'success' || status === 'partial') return built || index === 0 ? 'done' : 'unneeded';
  if (index < at) return 'done';
  if (index > at) return status === 'running' ? 'waiting' : 'missed';
  return status === 'running' ? 'active' : status;
}
