import { DebError } from './errors.ts';

/** Reads a stream by exact lengths, holding one chunk. */
export interface ByteCursor {
  /** Exactly `length` bytes, or fewer when the stream ends. For short lengths only: the bytes are collected. */
  read(length: number): Promise<Buffer>;
  /** Passes on the next `length` bytes in pieces. @throws DebError `invalid_package` when the stream ends before. */
  pieces(length: number): AsyncGenerator<Uint8Array>;
  /** Passes over `length` bytes. @throws DebError `invalid_package` when the stream ends before. */
  skip(length: number): Promise<void>;
}

/** Makes a cursor over chunks of any size. */
export function createCursor(chunks: AsyncIterator<Uint8Array>): ByteCursor {
  let rest: Uint8Array = new Uint8Array(0);
  const more = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const { done, value } = await chunks.next();
      if (done) return false;
      rest = value;
    }
    return true;
  };
  const take = (length: number): Uint8Array => {
    const piece = rest.subarray(0, length);
    rest = rest.subarray(piece.length);
    return piece;
  };
  async function* pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (!(await more())) throw new DebError('invalid_package', 'the package file is cut off');
      const piece = take(left);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    pieces,
    async read(length) {
      const found: Uint8Array[] = [];
      for (let left = length; left > 0 && (await more()); ) {
        const piece = take(left);
        left -= piece.length;
        found.push(piece);
      }
      return Buffer.concat(found);
    },
    async skip(length) {
      for await (const _ of pieces(length)) {
        // nothing to keep
      }
    },
  };
}
