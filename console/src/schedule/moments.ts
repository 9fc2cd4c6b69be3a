import { Cron } from 'croner';

/** `@every 3600`: seconds between two moments, as the server understands it beside cron expressions. */
export function everySeconds(expression: string): number | null {
  const match = /^@every ([1-9]\d{0,8})$/.exec(expression.trim());
  return match === null ? null : Number(match[1]);
}

/**
 * The next moments of an expression, by the same reader as the server's (`src/jobs/schedule.ts`); null when it cannot be
 * read or the zone is not known.
 */
export function momentsOf(expression: string, zone: string, from: Date, count = 5): readonly Date[] | null {
  const seconds = everySeconds(expression);
  if (seconds !== null) {
    return Array.from({ length: count }, (_, index) => new Date(from.getTime() + (index + 1) * seconds * 1000));
  }
  try {
    return new Cron(expression.trim(), { timezone: zone, paused: true }).nextRuns(count, from);
  } catch {
    return null;
  }
}
