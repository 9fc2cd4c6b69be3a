import { createHash, type Hash } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { ExportError } from '../errors.ts';
import type { OutputFile } from './contract.ts';

/** A finished entry of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
  readonly sha256: string;
}

interface OpenEntry {
  readonly name: Buffer;
  readonly offset: number;
  readonly hash: Hash;
  crc: number;
  packed: number;
  bytes: number;
}

/** 1980-01-01 00:00, the first moment of the format: archives of the same rows are the same bytes. */
const fixedDate = 0x0021;
const limit32 = 0xffff_ffff;
/** Deflated, UTF-8 names. */
const flags = 0x0800;
const finalBlock = Buffer.from([0x03, 0x00]);

/**
 * Writes a ZIP archive by position (APPNOTE 6.3.10; Zip64 where the archive needs it): an entry's header is written once,
 * when its sizes are known, so that no data descriptors are needed and repeating any write changes nothing. Chunks are
 * deflated independently, so the bytes depend on the chunks alone.
 */
export class ZipWriter {
  readonly entries: ZipEntry[];
  readonly #out: OutputFile;
  #position: number;
  #open: OpenEntry | null = null;

  constructor(out: OutputFile, state: { readonly position: number; readonly entries: readonly ZipEntry[] }) {
    this.#out = out;
    this.#position = state.position;
    this.entries = [...state.entries];
  }

  get position(): number {
    return this.#position;
  }

  begin(name: string): void {
    const bytes = Buffer.from(name);
    this.#open = { name: bytes, offset: this.#position, hash: createHash('sha256'), crc: 0, packed: 0, bytes: 0 };
    this.#position += 30 + bytes.length;
  }

  async write(chunk: Buffer): Promise<void> {
    const entry = this.#current();
    if (chunk.length === 0) return;
    entry.hash.update(chunk);
    entry.crc = crc32(chunk, entry.crc);
    entry.bytes += chunk.length;
    await this.#append(entry, deflateRawSync(chunk, { level: 3, finishFlush: constants.Z_SYNC_FLUSH }));
  }

  async end(): Promise<ZipEntry> {
    const entry = this.#current();
    // An empty last block ends the deflate stream of the independent chunks.
    await this.#append(entry, finalBlock);
    if (entry.bytes > limit32 || entry.packed > limit32) {
      throw new ExportError('file_too_large', 'A part of the archive is larger than 4 GiB');
    }
    const { name, offset, crc, packed, bytes } = entry;
    await this.#out.write(Buffer.concat([header(0x04034b50, 0, entry), name]), offset);
    this.#open = null;
    const done = { name: name.toString(), offset, crc, packed, bytes, sha256: entry.hash.digest('hex') };
    this.entries.push(done);
    return done;
  }

  /** Writes the directory; size of the archive in bytes. */
  async finish(): Promise<number> {
    const directory = Buffer.concat(this.entries.map(directoryEntry));
    const start = this.#position;
    const tail = Buffer.concat([directory, endRecords(this.entries.length, start, directory.length)]);
    await this.#out.write(tail, start);
    this.#position += tail.length;
    return this.#position;
  }

  async #append(entry: OpenEntry, bytes: Uint8Array): Promise<void> {
    await this.#out.write(bytes, this.#position);
    this.#position += bytes.length;
    entry.packed += bytes.length;
  }

  #current(): OpenEntry {
    if (this.#open === null) throw new ExportError('rows_mismatch', 'No part of the archive is open');
    return this.#open;
  }
}

/** The fields that local headers and directory entries share; directory entries have the version of their maker first. */
function header(signature: number, maker: number, entry: Omit<OpenEntry, 'hash' | 'offset'>): Buffer {
  const fields = Buffer.alloc(30);
  fields.writeUInt32LE(signature, 0);
  fields.writeUInt16LE(20, 4);
  fields.writeUInt16LE(flags, 6);
  fields.writeUInt16LE(8, 8);
  fields.writeUInt16LE(0, 10);
  fields.writeUInt16LE(fixedDate, 12);
  fields.writeUInt32LE(entry.crc, 14);
  fields.writeUInt32LE(entry.packed, 18);
  fields.writeUInt32LE(entry.bytes, 22);
  fields.writeUInt16LE(entry.name.length, 26);
  fields.writeUInt16LE(0, 28);
  if (maker === 0) return fields;
  const made = Buffer.alloc(2);
  made.writeUInt16LE(maker, 0);
  return Buffer.concat([fields.subarray(0, 4), made, fields.subarray(4)]);
}

function directoryEntry({ name, offset, crc, packed, bytes }: ZipEntry): Buffer {
  const large = offset >= limit32;
  const text = Buffer.from(name);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(large ? limit32 : offset, 10);
  // Regular file, rw-r--r--.
  rest.writeUInt32LE(0x81a4_0000, 6);
  const extra = Buffer.alloc(large ? 12 : 0);
  if (large) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(offset), 4);
  }
  const fields = header(0x02014b50, (3 << 8) | (large ? 45 : 20), { name: text, crc, packed, bytes });
  fields.writeUInt16LE(large ? 45 : 20, 6);
  fields.writeUInt16LE(extra.length, 30);
  return Buffer.concat([fields, rest, text, extra]);
}

function endRecords(count: number, start: number, length: number): Buffer {
  const large = start >= limit32 || count >= 0xffff;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(large ? 0xffff : count, 8);
  end.writeUInt16LE(large ? 0xffff : count, 10);
  end.writeUInt32LE(large ? limit32 : length, 12);
  end.writeUInt32LE(large ? limit32 : start, 16);
  if (!large) return end;
  const wide = Buffer.alloc(56 + 20);
  wide.writeUInt32LE(0x06064b50, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt16LE(45, 12);
  wide.writeUInt16LE(45, 14);
  wide.writeBigUInt64LE(BigInt(count), 24);
  wide.writeBigUInt64LE(BigInt(count), 32);
  wide.writeBigUInt64LE(BigInt(length), 40);
  wide.writeBigUInt64LE(BigInt(start), 48);
  wide.writeUInt32LE(0x07064b50, 56);
  wide.writeBigUInt64LE(BigInt(start + length), 64);
  wide.writeUInt32LE(1, 72);
  return Buffer.concat([wide, end]);
}
