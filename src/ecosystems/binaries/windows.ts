import type { Probe, Window } from './contract.ts';
import { Regions } from './regions.ts';

/** Bytes that fit into the fast cache of a core, so that copying them there costs next to nothing. */
const windowBytes = 256 * 1024;

/** What is found can be read this far without asking for a region. */
export const reach = 512;

/** Bytes before a find that can be read. */
export const lookBehind = 64;

/** Cuts the chunks of one file into windows that overlap, so that nothing is missed at the borders of chunks. */
export class Windows {
  readonly #window: Window;
  readonly #regions = new Regions();
  readonly #choose: (head: Buffer, regions: Regions) => readonly Probe[];
  #probes: readonly Probe[] | undefined;

  /**
   * @param buffer from `windowBuffer`; in use until the file ends.
   * @param choose says who looks for something, knowing the first bytes: all of a window, or of a smaller file.
   */
  constructor(buffer: Buffer, choose: (head: Buffer, regions: Regions) => readonly Probe[]) {
    this.#window = { buffer, base: 0, from: 0, to: 0, end: 0 };
    this.#choose = choose;
  }

  /** @returns false when nobody looks for anything in this file. */
  chunk(bytes: Uint8Array): boolean {
    const window = this.#window;
    const { buffer } = window;
    let at = 0;
    while (at < bytes.length) {
      if (window.end === buffer.length) this.#look(false);
      if (this.#probes?.length === 0) return false;
      const step = Math.min(bytes.length - at, buffer.length - window.end);
      buffer.set(bytes.subarray(at, at + step), window.end);
      window.end += step;
      at += step;
    }
    return true;
  }

  /** Bytes at the start of the file that are there already. */
  head(length: number): Buffer {
    return this.#window.buffer.subarray(0, Math.min(length, this.#window.end));
  }

  end(): void {
    this.#look(true);
    this.#regions.end();
  }

  #look(last: boolean): void {
    const window = this.#window;
    const { buffer } = window;
    this.#probes ??= this.#choose(buffer.subarray(0, window.end), this.#regions);
    window.to = last ? window.end : Math.max(window.from, window.end - reach);
    for (const probe of this.#probes) probe.window(window);
    this.#regions.window(window);
    // A few bytes before what comes next stay, for those who look back.
    const keep = Math.max(0, window.to - lookBehind);
    buffer.copyWithin(0, keep, window.end);
    window.base += keep;
    window.from = window.to - keep;
    window.end -= keep;
  }
}

/** The memory of one visitor: files come one after another. */
export function windowBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(windowBytes);
}
