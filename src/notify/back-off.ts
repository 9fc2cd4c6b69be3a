const second = 1_000;
const minute = 60 * second;

/** Pauses behind failed attempts: the first for a blip, the last for a receiver that is repaired. */
const pauses: readonly number[] = [5 * second, minute, 5 * minute, 30 * minute, 2 * 60 * minute];

/** Attempts that a message gets before it is given up. */
export const maxAttempts = pauses.length + 1;

/** Longest time that a receiver may ask to be left alone. */
const longestWish = 60 * minute;

/**
 * How long to wait after an attempt that failed.
 * @param attempts so far, at least 1
 * @param wish of the receiver, ms
 * @returns null = give up
 */
export function pauseAfter(attempts: number, wish: number | null): number | null {
  const pause = pauses[attempts - 1];
  return pause === undefined ? null : Math.max(pause, Math.min(wish ?? 0, longestWish));
}
