/** Limits of the pause between two attempts. */
const firstPauseMs = 2_000;
const longestPauseMs = 10 * 60_000;

/**
 * How long to wait before a job is tried again, in ms: doubles with every attempt up to ten minutes, and is spread over
 * its upper half so that jobs that failed together do not return together.
 * @param attempts how often it was tried, at least 1
 * @param random a number in [0, 1)
 */
export function backoffMs(attempts: number, random: number): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
