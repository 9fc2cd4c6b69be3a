import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import { InventoryError } from '../errors.ts';

const maxJitterMs = 10 * 60_000;

/**
 * Checks a cron expression of five fields. Times are UTC, so that changes of local time neither skip nor repeat a run.
 * @throws InventoryError `schedule_invalid`
 */
export function checkSchedule(expression: string): void {
  parse(expression);
}

/**
 * The run after `from` (ms), moved by up to a tenth of the period and ten minutes: registries that share an expression
 * are not all asked at once. The shift follows from `key`, so all nodes agree on it. Null when there is none any more.
 * @throws InventoryError `schedule_invalid`
 */
export function nextRun(expression: string, key: string, from: number): number | null {
  const cron = parse(expression);
  // A run that was shifted past `from` is still to come.
  const start = cron.nextRun(new Date(from - maxJitterMs))?.getTime();
  const following = start === undefined ? undefined : cron.nextRun(new Date(start))?.getTime();
  if (start === undefined) return null;
  const span = Math.min(maxJitterMs, ((following ?? start) - start) / 10);
  const jitter = Math.floor(fraction(key) * span);
  for (let run: number | undefined = start; run !== undefined; run = cron.nextRun(new Date(run))?.getTime()) {
    if (run + jitter > from) return run + jitter;
  }
  return null;
}

function parse(expression: string): Cron {
  const refuse = (cause?: unknown): InventoryError =>
    new InventoryError('schedule_invalid', `not a schedule: ${JSON.stringify(expression.slice(0, 100))}`, { cause });
  if (expression.length > 100 || expression.trim().split(/\s+/).length !== 5) throw refuse();
  try {
    const cron = new Cron(expression, { paused: true, timezone: 'UTC' });
    if (cron.nextRun(new Date(0)) === null) throw refuse();
    return cron;
  } catch (cause) {
    throw cause instanceof InventoryError ? cause : refuse(cause);
  }
}

/** 0 ≤ n < 1 */
function fraction(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
}
