import { ArchiveError } from './errors.ts';

/** Where the central directory of a zip archive lies, in bytes of the buffer. */
export interface ZipDirectory {
  readonly start: number;
  readonly end: number;
  /** Bytes in front of the archive (the script of a self-executing jar); offsets in the archive count from there. */
  readonly shift: number;
}

const endSignature = 0x06054b50;
const endSize = 22;
const maxComment = 0xffff;
const wideEndSignature = 0x06064b50;
const wideEndSize = 56;
const locatorSignature = 0x07064b50;
const locatorSize = 20;
const directorySignature = 0x02014b50;

/**
 * Finds the directory from the end of the file, as the class loader of Java does: the last end record whose directory is
 * where it says counts, so that a record inside a comment leads nobody astray. Counts of members are not believed: the
 * directory is read to its end.
 * @throws ArchiveError `archive_invalid`
 */
export function findDirectory(bytes: Buffer): ZipDirectory {
  const last = bytes.length - endSize;
  for (let at = last; at >= Math.max(0, last - maxComment); at--) {
    if (bytes[at] !== 0x50 || bytes.readUInt32LE(at) !== endSignature) continue;
    const directory = directoryAt(bytes, at);
    if (directory !== undefined) return directory;
  }
  throw new ArchiveError('archive_invalid', 'has no zip directory at its end');
}

function directoryAt(bytes: Buffer, at: number): ZipDirectory | undefined {
  if (at + endSize + bytes.readUInt16LE(at + 20) > bytes.length) return undefined;
  const narrow = { end: at, size: bytes.readUInt32LE(at + 12), offset: bytes.readUInt32LE(at + 16) };
  const isWide = narrow.size === 0xffffffff || narrow.offset === 0xffffffff || bytes.readUInt16LE(at + 10) === 0xffff;
  const { end, size, offset } = (isWide ? wideEnd(bytes, at) : undefined) ?? narrow;
  const start = end - size;
  const shift = start - offset;
  if (!(start >= 0 && shift >= 0)) return undefined;
  if (size > 0 && (end - start < 46 || bytes.readUInt32LE(start) !== directorySignature)) return undefined;
  return { start, end, shift };
}

/** The zip64 end record that the locator in front of an end record leads to; found behind a prefix as well. */
function wideEnd(bytes: Buffer, at: number): { end: number; size: number; offset: number } | undefined {
  const locator = at - locatorSize;
  if (locator < wideEndSize || bytes.readUInt32LE(locator) !== locatorSignature) return undefined;
  const told = Number(bytes.readBigUInt64LE(locator + 8));
  for (const end of [told, locator - wideEndSize]) {
    if (end < 0 || end + wideEndSize > locator || bytes.readUInt32LE(end) !== wideEndSignature) continue;
    return { end, size: Number(bytes.readBigUInt64LE(end + 40)), offset: Number(bytes.readBigUInt64LE(end + 48)) };
  }
  return undefined;
}
