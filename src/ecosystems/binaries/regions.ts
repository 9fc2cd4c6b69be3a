import type { Window } from './contract.ts';

/** Bytes of one file that are kept for closer looks, all regions together. */
export const capturedBytes = 16 * 1024 * 1024;
/** Regions of one file. */
export const maxRegions = 64;

/** Takes the bytes of a region piece by piece; they change after the call. @returns whether more is wanted. */
export type RegionSink = (bytes: Buffer) => boolean;

interface Region {
  next: number;
  readonly end: number;
  readonly sink: RegionSink;
  readonly done: (() => void) | undefined;
}

/**
 * Parts of a file that somebody wants to have, named by their offsets while the file streams by. What a hostile file
 * claims costs nothing: memory is used for bytes that come, and those are bounded.
 */
export class Regions {
  #open: Region[] = [];
  #count = 0;
  #captured = 0;
  /** Offset before which nothing can be had any more. */
  #gone = 0;

  /** @returns false when the region has gone by, or there are too many. */
  stream(offset: number, length: number, sink: RegionSink, done?: () => void): boolean {
    if (!Number.isSafeInteger(offset) || offset < this.#gone || length < 0 || this.#count >= maxRegions) return false;
    this.#count++;
    this.#open.push({ next: offset, end: offset + length, sink, done });
    return true;
  }

  /**
   * Keeps a region. @param take called once with all of it; with `short`, also when the file ends before.
   * @returns false when the region has gone by, or is too much.
   */
  capture(offset: number, length: number, take: (bytes: Buffer) => void, short = false): boolean {
    if (!(this.#captured + length <= capturedBytes)) return false;
    const pieces: Buffer[] = [];
    let held = 0;
    const keep: RegionSink = (bytes) => {
      pieces.push(Buffer.from(bytes));
      held += bytes.length;
      return true;
    };
    const done = (): void => {
      if (held === length || short) take(Buffer.concat(pieces));
    };
    if (!this.stream(offset, length, keep, done)) return false;
    this.#captured += length;
    return true;
  }

  window({ buffer, base, to, end }: Window): void {
    // Regions may ask for others, which are then in this list.
    for (let i = 0; i < this.#open.length; i++) {
      const region = this.#open[i] as Region;
      if (region.next < base || region.next >= base + end) {
        if (region.next >= region.end) this.#finish(region);
        continue;
      }
      const stop = Math.min(region.end, base + end);
      const more = region.sink(buffer.subarray(region.next - base, stop - base));
      region.next = stop;
      if (!more || stop === region.end) this.#finish(region);
    }
    this.#open = this.#open.filter((region) => region.next < Number.POSITIVE_INFINITY);
    this.#gone = base + to;
  }

  end(): void {
    for (let i = 0; i < this.#open.length; i++) this.#finish(this.#open[i] as Region);
    this.#open = [];
  }

  #finish(region: Region): void {
    if (region.next === Number.POSITIVE_INFINITY) return;
    region.next = Number.POSITIVE_INFINITY;
    region.done?.();
  }
}
