import type { Spooled } from '../../src/image/index.ts';

/** Spooled bytes in memory, which tell whether they were given back. */
export class MemorySpool implements Spooled {
  closed = false;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Reads content to its end. */
  static async of(content: AsyncIterable<Uint8Array>): Promise<MemorySpool> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
    return new MemorySpool(Buffer.concat(chunks));
  }

  async *read(offset: number, length: number): AsyncGenerator<Uint8Array> {
    if (this.closed) throw new Error('the spooled bytes were given back');
    yield this.#bytes.subarray(offset, offset + length);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
