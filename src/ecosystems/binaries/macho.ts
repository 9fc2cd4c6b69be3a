import type { Executable, Section, Segment } from './contract.ts';
import { readPointer } from './elf.ts';

const maxCommands = 1000;
const maxSections = 1000;
/** Java class files begin like fat files, with their version where the number of architectures is. */
const maxSlices = 16;

/**
 * Reads the load commands of a Mach-O file.
 * @param head the first bytes of the file, or of its part in a fat file.
 * @param origin offset of that part, to which the offsets inside of it are added.
 * @returns undefined when it is none.
 */
export function readMachO(head: Buffer, origin = 0): Executable | undefined {
  if (head.length < 28) return undefined;
  const magic = head.readUInt32LE(0);
  const bigEndian = magic === 0xcefaedfe || magic === 0xcffaedfe;
  if (!bigEndian && magic !== 0xfeedface && magic !== 0xfeedfacf) return undefined;
  const wide = magic === 0xfeedfacf || magic === 0xcffaedfe;
  const int = (at: number): number => readPointer(head, at, 4, bigEndian);
  const segments: Segment[] = [];
  const sections: Section[] = [];
  let at = wide ? 32 : 28;
  for (let i = Math.min(int(16), maxCommands); i > 0 && at + 8 <= head.length; i--) {
    const size = int(at + 4);
    if (size < 8 || at + size > head.length) break;
    if (int(at) === (wide ? 0x19 : 1) && size >= (wide ? 72 : 56)) {
      segments.push(readSegment(head, at, wide, bigEndian, origin));
      readSections(head, at, size, wide, bigEndian, origin, sections);
    }
    at += size;
  }
  return {
    ...{ format: 'macho', pointerSize: wide ? 8 : 4, bigEndian, program: false },
    ...{ segments, sections, loadedEnd: 0, slices: [] },
  };
}

function readSegment(head: Buffer, at: number, wide: boolean, bigEndian: boolean, origin: number): Segment {
  const width = wide ? 8 : 4;
  const word = (index: number): number => readPointer(head, at + 24 + index * width, width, bigEndian);
  const protection = readPointer(head, at + 24 + 4 * width + 4, 4, bigEndian);
  return { address: word(0), offset: origin + word(2), size: word(3), writable: (protection & 2) !== 0 };
}

function readSections(
  head: Buffer,
  at: number,
  size: number,
  wide: boolean,
  bigEndian: boolean,
  origin: number,
  sections: Section[],
): void {
  const width = wide ? 8 : 4;
  const entry = wide ? 80 : 68;
  const count = readPointer(head, at + (wide ? 64 : 48), 4, bigEndian);
  let section = at + (wide ? 72 : 56);
  for (let i = 0; i < count && section + entry <= at + size && sections.length < maxSections; i++) {
    const [name = ''] = head.toString('latin1', section, section + 16).split('\0', 1);
    const bytes = readPointer(head, section + 32 + width, width, bigEndian);
    const offset = readPointer(head, section + 32 + 2 * width, 4, bigEndian);
    sections.push({ name, offset: origin + offset, size: bytes });
    section += entry;
  }
}

/** Reads the list of architectures of a fat file; undefined when it is none. */
export function readFat(head: Buffer): Executable | undefined {
  const wide = head.readUInt32BE(0) === 0xcafebabf;
  const count = head.length < 8 ? 0 : head.readUInt32BE(4);
  if (count === 0 || count > maxSlices) return undefined;
  const slices: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = 8 + i * (wide ? 32 : 20) + 8;
    if (at + 8 > head.length) break;
    const offset = readPointer(head, at, wide ? 8 : 4, true);
    if (Number.isSafeInteger(offset)) slices.push(offset);
  }
  return {
    ...{ format: 'fat', pointerSize: 0, bigEndian: false, program: false },
    ...{ segments: [], sections: [], loadedEnd: 0, slices },
  };
}
