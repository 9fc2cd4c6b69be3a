/** Blocks are whole multiples of every page size of the formats, so that pages are seen without copying. */
const blockBytes = 1024 * 1024;

/**
 * The content of one database file, for random access. Grows by blocks as content arrives: a claimed size allocates
 * nothing, and nothing is held twice.
 */
export class FileBytes {
  readonly #blocks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; ) {
      const at = this.#length % blockBytes;
      let block = this.#blocks.at(-1);
      if (at === 0 || block === undefined) {
        block = Buffer.alloc(blockBytes);
        this.#blocks.push(block);
      }
      const piece = chunk.subarray(from, from + blockBytes - at);
      block.set(piece, at);
      from += piece.length;
      this.#length += piece.length;
    }
  }

  /** Bytes of a place; undefined when they are not all there. Do not write to them. */
  read(offset: number, length: number): Buffer | undefined {
    if (offset < 0 || length < 0 || offset + length > this.#length) return undefined;
    const at = offset % blockBytes;
    const first = Math.floor(offset / blockBytes);
    if (at + length <= blockBytes) return (this.#blocks[first] ?? Buffer.alloc(0)).subarray(at, at + length);
    const blocks = this.#blocks.slice(first, Math.ceil((offset + length) / blockBytes));
    return Buffer.concat(blocks).subarray(at, at + length);
  }
}
