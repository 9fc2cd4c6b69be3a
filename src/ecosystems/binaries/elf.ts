import type { Executable, Segment } from './contract.ts';

const maxSegments = 128;

/**
 * Reads the header and the program headers of an ELF file.
 * @param head the first bytes of the file.
 * @returns undefined when it is none, or so damaged that nothing can be told.
 */
export function readElf(head: Buffer): Executable | undefined {
  const wide = head[4] === 2;
  if (head.length < 64 || (head[4] !== 1 && !wide) || (head[5] !== 1 && head[5] !== 2)) return undefined;
  const read = new ElfNumbers(head, wide, head[5] === 2);
  const type = read.half(16);
  const entry = read.word(24);
  const table = read.word(wide ? 32 : 28);
  const entrySize = read.half(wide ? 54 : 42);
  const count = Math.min(read.half(wide ? 56 : 44), maxSegments);
  const segments: Segment[] = [];
  let interpreter = false;
  let loadedEnd = 0;
  for (let i = 0; i < count && entrySize >= (wide ? 56 : 32); i++) {
    const at = table + i * entrySize;
    if (!(at + entrySize <= head.length)) break;
    const kind = read.int(at);
    if (kind === 3) interpreter = true;
    if (kind !== 1) continue;
    const segment = wide ? wideSegment(read, at) : narrowSegment(read, at);
    segments.push(segment);
    loadedEnd = Math.max(loadedEnd, segment.offset + segment.size);
  }
  return {
    ...{ format: 'elf', pointerSize: wide ? 8 : 4, bigEndian: read.bigEndian },
    program: type === 2 || (type === 3 && (interpreter || entry !== 0)),
    ...{ segments, sections: [], loadedEnd, slices: [] },
  };
}

function wideSegment(read: ElfNumbers, at: number): Segment {
  const writable = (read.int(at + 4) & 2) !== 0;
  return { offset: read.word(at + 8), address: read.word(at + 16), size: read.word(at + 32), writable };
}

function narrowSegment(read: ElfNumbers, at: number): Segment {
  const writable = (read.int(at + 24) & 2) !== 0;
  return { offset: read.word(at + 4), address: read.word(at + 8), size: read.word(at + 16), writable };
}

/** Numbers of the file's width and byte order. What is over 2^53 loses digits, which no offset of a real file does. */
class ElfNumbers {
  readonly bigEndian: boolean;
  readonly #bytes: Buffer;
  readonly #wide: boolean;

  constructor(bytes: Buffer, wide: boolean, bigEndian: boolean) {
    this.#bytes = bytes;
    this.#wide = wide;
    this.bigEndian = bigEndian;
  }

  half(at: number): number {
    return this.bigEndian ? this.#bytes.readUInt16BE(at) : this.#bytes.readUInt16LE(at);
  }

  int(at: number): number {
    return this.bigEndian ? this.#bytes.readUInt32BE(at) : this.#bytes.readUInt32LE(at);
  }

  word(at: number): number {
    return readPointer(this.#bytes, at, this.#wide ? 8 : 4, this.bigEndian);
  }
}

/** An unsigned number of four or eight bytes. */
export function readPointer(bytes: Buffer, at: number, size: 4 | 8, bigEndian: boolean): number {
  if (size === 4) return bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
  const high = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at + 4);
  const low = bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at);
  return high * 0x1_0000_0000 + low;
}
