import { createCursor } from './cursor.ts';
import { DebError } from './errors.ts';

/** One member of a package file. */
export interface ArMember {
  /** Without padding and without the final slash that some writers add. */
  readonly name: string;
  readonly size: number;
  /** Read it, or part of it, before asking for the next member: the rest is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

const magic = '!<arch>\n';
const headerBytes = 60;
/** dpkg knows three members and ignores a few more. */
const maxMembers = 32;

/**
 * Reads the outer archive of a package (the common `ar` format, deb(5)).
 * @throws DebError `invalid_package`
 */
export async function* readAr(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ArMember> {
  const source = chunks[Symbol.asyncIterator]();
  const cursor = createCursor(source);
  try {
    const start = await cursor.read(magic.length);
    if (start.toString('latin1') !== magic) throw new DebError('invalid_package', 'the file is not a package');
    for (let count = 0; count < maxMembers; count++) {
      const header = await cursor.read(headerBytes);
      if (header.length === 0) return;
      const { name, size } = parseHeader(header);
      let left = size;
      async function* content(): AsyncGenerator<Uint8Array> {
        for await (const piece of cursor.pieces(left)) {
          left -= piece.length;
          yield piece;
        }
      }
      yield { name, size, content: content() };
      await cursor.skip(left);
      if (size % 2 === 1) await cursor.read(1);
    }
    throw new DebError('invalid_package', `the package has more than ${maxMembers} members`);
  } finally {
    await source.return?.();
  }
}

function parseHeader(header: Buffer): { name: string; size: number } {
  const text = header.toString('latin1');
  const size = text.slice(48, 58).trimEnd();
  if (text.length !== headerBytes || !text.endsWith('`\n') || !/^[0-9]{1,10}$/.test(size)) {
    throw new DebError('invalid_package', 'a member header of the package is damaged');
  }
  return { name: text.slice(0, 16).trimEnd().replace(/\/$/, ''), size: Number(size) };
}
