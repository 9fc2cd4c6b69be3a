import { Writable } from 'node:stream';

/** Collects a document in memory: a report is small, and a failure half-way must leave no half of it. */
export class Collected extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  /** What was written so far. */
  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
