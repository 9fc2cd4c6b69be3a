import type { FileBytes } from './file-bytes.ts';
import type { Problems } from './problems.ts';

/** What a write-ahead log changes in a database: where in the log the newest committed copy of a page is. */
export interface WalPages {
  /** Offset in the log by page number. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Pages of the database after the last commit. */
  readonly pageCount: number;
}

const headerBytes = 32;
const frameHeaderBytes = 24;
const magicLittle = 0x377f0682;
const magicBig = 0x377f0683;

/**
 * Reads the committed frames of a write-ahead log (SQLite file format §4). Frames of an older generation, which a
 * restarted log leaves behind its end, and those after the last commit do not count; damage inside the present
 * generation is a problem, because it may hide a commit.
 * @returns undefined when nothing was committed.
 */
export function readWal(wal: FileBytes, pageSize: number, problems: Problems): WalPages | undefined {
  if (wal.length === 0) return undefined;
  const header = wal.read(0, headerBytes);
  const magic = header?.readUInt32BE(0);
  if (header === undefined || (magic !== magicLittle && magic !== magicBig) || header.readUInt32BE(8) !== pageSize) {
    problems.add('its write-ahead log is damaged');
    return undefined;
  }
  const sum = new Checksum(magic === magicBig);
  sum.add(header.subarray(0, 24));
  if (!sum.equals(header, 24)) {
    problems.add('its write-ahead log is damaged');
    return undefined;
  }
  const salts = header.subarray(16, 24);
  const offsets = new Map<number, number>();
  const open = new Map<number, number>();
  let pageCount = 0;
  for (let at = headerBytes; at < wal.length; at += frameHeaderBytes + pageSize) {
    const frame = wal.read(at, frameHeaderBytes);
    if (frame?.subarray(8, 16).equals(salts) !== true) {
      if (frame === undefined) problems.add('its write-ahead log is cut off');
      break;
    }
    const page = wal.read(at + frameHeaderBytes, pageSize);
    if (page === undefined) {
      problems.add('its write-ahead log is cut off');
      break;
    }
    sum.add(frame.subarray(0, 8));
    sum.add(page);
    if (!sum.equals(frame, 16)) {
      problems.add('its write-ahead log is damaged');
      break;
    }
    open.set(frame.readUInt32BE(0), at + frameHeaderBytes);
    const commit = frame.readUInt32BE(4);
    if (commit === 0) continue;
    pageCount = commit;
    for (const [number, offset] of open) offsets.set(number, offset);
    open.clear();
  }
  return pageCount === 0 ? undefined : { offsets, pageCount };
}

/** The log's running checksum over pairs of 32-bit words in the byte order of its writer. */
class Checksum {
  readonly #big: boolean;
  #first = 0;
  #second = 0;

  constructor(big: boolean) {
    this.#big = big;
  }

  add(bytes: Buffer): void {
    let first = this.#first;
    let second = this.#second;
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      const [one, two] = this.#big
        ? [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
        : [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
      first = (first + one + second) >>> 0;
      second = (second + two + first) >>> 0;
    }
    this.#first = first;
    this.#second = second;
  }

  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second;
  }
}
