/** Numbers from 0 up to and without 1, the same for the same seed. */
export type Random = () => number;

/** A small generator (mulberry32); the state is one 32-bit number. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the items. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Each of the items with the given probability. */
export function some<T>(random: Random, items: readonly T[], probability: number): T[] {
  return items.filter(() => random() < probability);
}

/** 64 hex digits that stand for a number. */
export function hex(number: number): string {
  return number.toString(16).padStart(64, '0');
}
