import type { JobClass } from './contract.ts';

/** How many jobs run at a time, and how many of these places bulk work may not take. */
export interface Shares {
  readonly slots: number;
  /** Kept for interactive jobs; below `slots`. */
  readonly reserved: number;
}

/** Shares for a number of slots: a quarter, and at least one of two, is reserved. */
export function defaultShares(slots: number): Shares {
  return { slots, reserved: slots < 2 ? 0 : Math.max(1, Math.floor(slots / 4)) };
}

/**
 * Classes that may start another job now, the preferred first. Interactive jobs take any free place; bulk jobs never
 * take the reserved ones, however long the queue is.
 */
export function claimable(shares: Shares, running: Readonly<Record<JobClass, number>>): readonly JobClass[] {
  if (running.interactive + running.bulk >= shares.slots) return [];
  return running.bulk < shares.slots - shares.reserved ? ['interactive', 'bulk'] : ['interactive'];
}
