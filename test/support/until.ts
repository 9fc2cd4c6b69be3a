import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until something holds; the last value is in the failure. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  holds: (value: T) => boolean,
  ms: number,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > end) assert.fail(`${what}: ${JSON.stringify(value)}`);
    await sleep(50);
  }
}
