/** Longest time in ms that work on the index keeps the event loop. */
const sliceMs = 8;

/**
 * Gives the event loop its turn during long work. Ask `due()` every few thousand steps, and `await rest()` when it is.
 * Also the place where cancellation is noticed.
 */
export class Pacer {
  #since = performance.now();
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether the slice is used up. */
  due(): boolean {
    return performance.now() - this.#since > sliceMs;
  }

  /** Lets others run. @throws the signal's reason when it was cancelled */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}

/** Sorts numbers in place by a comparison, in slices; stable. */
export async function sortPaced(
  items: Int32Array,
  compare: (a: number, b: number) => number,
  pacer: Pacer,
): Promise<void> {
  const run = 2048;
  for (let from = 0; from < items.length; from += run) {
    items.subarray(from, from + run).sort(compare);
    if (pacer.due()) await pacer.rest();
  }
  let source: Int32Array = items;
  let target: Int32Array = new Int32Array(items.length);
  for (let width = run; width < items.length; width *= 2) {
    for (let from = 0; from < items.length; from += width * 2) {
      const middle = Math.min(from + width, items.length);
      const end = Math.min(from + width * 2, items.length);
      let left = from;
      let right = middle;
      for (let at = from; at < end; at++) {
        const takeLeft =
          left < middle && (right >= end || compare(source[left] as number, source[right] as number) <= 0);
        target[at] = source[takeLeft ? left++ : right++] as number;
        if ((at & 2047) === 0 && pacer.due()) await pacer.rest();
      }
    }
    [source, target] = [target, source];
  }
  if (source !== items) items.set(source);
}
