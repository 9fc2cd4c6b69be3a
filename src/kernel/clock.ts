/** Time comes in as a parameter, so that results can be reproduced and tests need no waiting. */
export interface Clock {
  now(): Date;
}

/** The machine's clock; only `app/` and tests choose it. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still. */
export function fixedClock(at: string | Date): Clock {
  const date = new Date(at);
  return { now: () => new Date(date) };
}

/** A day in ms. */
export const dayMs = 86_400_000;
