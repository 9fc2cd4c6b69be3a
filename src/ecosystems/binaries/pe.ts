import type { Executable, Section, Segment } from './contract.ts';

/** Sections of one file; the format allows no more that a loader takes. */
const maxSections = 96;

/**
 * Reads the headers of a Windows executable or library.
 * @param head the first bytes of the file.
 * @returns undefined when it is none: programs for DOS begin alike.
 */
export function readPe(head: Buffer): Executable | undefined {
  if (head.length < 64) return undefined;
  const start = head.readUInt32LE(60);
  if (start + 24 + 64 > head.length || head.toString('latin1', start, start + 4) !== 'PE\0\0') return undefined;
  const count = Math.min(head.readUInt16LE(start + 6), maxSections);
  const optional = start + 24;
  const optionalSize = head.readUInt16LE(start + 20);
  const wide = head.readUInt16LE(optional) === 0x20b;
  const imageBase = wide
    ? head.readUInt32LE(optional + 24) + head.readUInt32LE(optional + 28) * 0x1_0000_0000
    : head.readUInt32LE(optional + 28);
  const segments: Segment[] = [];
  const sections: Section[] = [];
  for (let i = 0; i < count; i++) {
    const at = optional + optionalSize + i * 40;
    if (at + 40 > head.length) break;
    const [name = ''] = head.toString('latin1', at, at + 8).split('\0', 1);
    const size = head.readUInt32LE(at + 16);
    const offset = head.readUInt32LE(at + 20);
    const writable = (head.readUInt32LE(at + 36) & 0x8000_0000) !== 0;
    segments.push({ offset, size, address: imageBase + head.readUInt32LE(at + 12), writable });
    // The size on disk is rounded up; in memory it is exact.
    const exact = head.readUInt32LE(at + 8);
    sections.push({ name, offset, size: exact > 0 ? Math.min(size, exact) : size });
  }
  return {
    ...{ format: 'pe', pointerSize: wide ? 8 : 4, bigEndian: false, program: false },
    ...{ segments, sections, loadedEnd: 0, slices: [] },
  };
}
