import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import { messageOf } from '../kernel/index.ts';
import type { Schedule } from './contract.ts';
import { JobError } from './errors.ts';

/** Clocks that were set back by less are waited for, so that no moment is fired twice; beyond, planning starts anew. */
const setBackMs = 36 * 3_600_000;

/** What to do about one schedule at one time. */
export type ScheduleStep =
  | { readonly kind: 'wait' }
  /** Only moves the next moment. */
  | { readonly kind: 'move'; readonly nextAt: number | null; readonly lastSlot: number | null }
  /** Fires the moment `slot`, once, however many moments passed unseen. */
  | { readonly kind: 'fire'; readonly slot: number; readonly nextAt: number | null };

/**
 * The first moment of an expression behind a time, both in ms UTC; null when none comes.
 * @throws JobError `invalid_schedule`
 */
export function nextMoment(expression: string, zone: string, after: number): number | null {
  const seconds = everySeconds(expression);
  if (seconds !== undefined) return after + seconds * 1000;
  try {
    return new Cron(expression, { timezone: zone }).nextRun(new Date(after))?.getTime() ?? null;
  } catch (cause) {
    throw new JobError('invalid_schedule', `not a schedule: ${JSON.stringify(expression)} (${messageOf(cause)})`, {
      cause,
      hint: 'write a cron expression such as "30 3 * * *", or "@every 3600" with seconds',
    });
  }
}

/**
 * Decides by the stored state and the time alone, so that every node decides alike. Clocks may jump: moments that were
 * skipped are fired once together; a clock set back fires nothing twice; one that was wrong by more than a day and a half
 * is planned anew.
 */
export function scheduleStep(schedule: Schedule, now: number): ScheduleStep {
  if (!schedule.enabled) return { kind: 'wait' };
  const { nextAt, lastAt, lastSlot, cron, zone } = schedule;
  if (nextAt === null) {
    const first = nextMoment(cron, zone, now);
    return first === null ? { kind: 'wait' } : { kind: 'move', nextAt: first, lastSlot };
  }
  if (now >= nextAt + jitterOf(schedule, nextAt)) {
    return { kind: 'fire', slot: nextAt, nextAt: nextMoment(cron, zone, Math.max(now, nextAt)) };
  }
  const expected = nextMoment(cron, zone, now);
  if (expected === null || expected >= nextAt) return { kind: 'wait' };
  // There is a moment before the one that is planned: the clock was set back since.
  const back = lastAt === null ? Number.POSITIVE_INFINITY : lastAt - now;
  if (everySeconds(cron) === undefined && back > 0 && back <= setBackMs) return { kind: 'wait' };
  return { kind: 'move', nextAt: expected, lastSlot: null };
}

/** How much later than its moment a run begins, in ms; spreads what would begin together over all schedules. */
export function jitterOf(schedule: Pick<Schedule, 'name' | 'jitterMs'>, slot: number): number {
  if (schedule.jitterMs <= 0) return 0;
  const hash = createHash('sha256').update(`${schedule.name}@${slot}`).digest();
  return hash.readUInt32BE(0) % (schedule.jitterMs + 1);
}

function everySeconds(expression: string): number | undefined {
  const match = /^@every ([1-9]\d{0,8})$/.exec(expression);
  return match ? Number(match[1]) : undefined;
}
