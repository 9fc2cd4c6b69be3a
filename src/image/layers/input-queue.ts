import type { Readable } from 'node:stream';

/**
 * Chunks of a stream that were read but not yet used. A decompressor may stop in the middle of a chunk (its frame has
 * ended there), so a chunk is given back to the queue's owner until it is known to be consumed.
 */
export class InputQueue {
  readonly #source: Readable;
  readonly #iterator: AsyncIterator<Buffer>;
  readonly #onBytes: ((total: number) => void) | undefined;
  #chunks: Buffer[] = [];
  #pending: Promise<boolean> | undefined;
  #read = 0;

  constructor(source: Readable, onBytes?: (total: number) => void) {
    this.#source = source;
    this.#iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#onBytes = onBytes;
  }

  /** Bytes read from the stream so far. */
  get bytesRead(): number {
    return this.#read;
  }

  get length(): number {
    return this.#chunks.length;
  }

  chunk(index: number): Buffer {
    return this.#chunks[index] as Buffer;
  }

  /** Reads one more chunk; false at the end. Overlapping calls share one read, so no chunk is lost. */
  fill(): Promise<boolean> {
    this.#pending ??= this.#next().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #next(): Promise<boolean> {
    const { done, value } = await this.#iterator.next();
    if (done) return false;
    this.#chunks.push(value);
    this.#read += value.length;
    this.#onBytes?.(this.#read);
    return true;
  }

  /** The first bytes without consuming them; fewer than `count` only at the end of the stream. */
  async peek(count: number): Promise<Buffer> {
    let held = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    while (held < count && (await this.fill())) held += (this.#chunks.at(-1) as Buffer).length;
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    return all.subarray(0, count);
  }

  /** Drops `count` bytes that are held; returns how many whole chunks have gone. */
  consume(count: number): number {
    let left = count;
    let gone = 0;
    for (let first = this.#chunks[0]; first !== undefined && left > 0; first = this.#chunks[0]) {
      if (first.length > left) {
        this.#chunks[0] = first.subarray(left);
        break;
      }
      left -= first.length;
      this.#chunks.shift();
      gone++;
    }
    return gone;
  }

  /** Drops `count` bytes, reading on as needed; false when the stream ends before. */
  async discard(count: number): Promise<boolean> {
    let left = count;
    while (left > 0) {
      const first = this.#chunks[0];
      if (first === undefined) {
        if (!(await this.fill())) return false;
        continue;
      }
      const step = Math.min(left, first.length);
      this.consume(step);
      left -= step;
    }
    return true;
  }

  /** Reads to the end, because the end is where a stream reports a wrong digest; true if any byte was not zero. */
  async drain(): Promise<boolean> {
    let data = false;
    do {
      for (const chunk of this.#chunks) data ||= chunk.some((byte) => byte !== 0);
      this.#chunks = [];
    } while (await this.fill());
    return data;
  }

  /** Releases the stream. */
  close(): void {
    this.#source.destroy();
  }
}
