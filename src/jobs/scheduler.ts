import type { Clock } from '../kernel/index.ts';
import type { NewJob, NewSchedule, Schedule, ScheduleStore, Timers } from './contract.ts';
import { nextMoment, scheduleStep } from './schedule.ts';

/** What a scheduler needs. */
export interface SchedulerDeps {
  readonly store: ScheduleStore;
  readonly clock: Clock;
  readonly timers: Timers;
  /** How often it looks; also how late a run may begin. */
  readonly tickMs: number;
  /** Called after jobs were queued. */
  readonly wake: () => void;
  readonly report: (message: string, error: unknown) => void;
}

/** Queues jobs at their times. Any number of nodes may run one over the same store: each moment is fired by one. */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  #state: 'idle' | 'started' | 'stopped' = 'idle';
  #ticking: Promise<number> | undefined;
  #takeBackTimer: (() => void) | undefined;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'started';
    this.#loop();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#takeBackTimer?.();
    await this.#ticking;
  }

  /** Fires what is due now; number of jobs queued. */
  async tick(): Promise<number> {
    let fired = 0;
    for (const schedule of await this.#deps.store.list()) {
      try {
        if (await this.#step(schedule)) fired++;
      } catch (error) {
        this.#deps.report(`schedule ${schedule.name} could not be run`, error);
      }
    }
    if (fired > 0) this.#deps.wake();
    return fired;
  }

  #loop(): void {
    this.#ticking = this.tick().catch((error: unknown) => {
      this.#deps.report('schedules could not be read', error);
      return 0;
    });
    void this.#ticking.then(() => {
      if (this.#state === 'started')
        this.#takeBackTimer = this.#deps.timers.after(this.#deps.tickMs, () => this.#loop());
    });
  }

  async #step(schedule: Schedule): Promise<boolean> {
    const { store, clock } = this.#deps;
    const now = clock.now().getTime();
    const step = scheduleStep(schedule, now);
    if (step.kind === 'wait') return false;
    if (step.kind === 'move') {
      await store.fire(schedule, { nextAt: step.nextAt, lastSlot: step.lastSlot, lastAt: schedule.lastAt }, null);
      return false;
    }
    const job: NewJob = {
      kind: schedule.kind,
      class: 'bulk',
      payload: schedule.payload,
      // While the last run still works, this one adds nothing.
      dedupeKey: `schedule:${schedule.name}`,
    };
    return store.fire(schedule, { nextAt: step.nextAt, lastSlot: step.slot, lastAt: now }, job);
  }
}

/** Adds or replaces a schedule, planned from now on. @throws JobError `invalid_schedule` */
export async function putSchedule(store: ScheduleStore, schedule: NewSchedule, clock: Clock): Promise<Schedule> {
  return store.put(schedule, nextMoment(schedule.cron, schedule.zone ?? 'UTC', clock.now().getTime()));
}
