import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, fromFd, type ZipFile } from 'yauzl';
import { AdvisoryError } from '../errors.ts';

/** Limits of a feed archive (scanning.md §6). */
export interface ZipLimits {
  readonly fileBytes: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
  readonly entries: number;
}

/** Limits of scanning.md §6; no published archive comes near them. */
export const feedZipLimits: ZipLimits = {
  fileBytes: 4 * 1024 ** 3,
  entryBytes: 16 * 1024 ** 2,
  totalBytes: 64 * 1024 ** 3,
  entries: 5_000_000,
};

/** One member, or `bad` where the member is damaged, too large, encrypted or carries a path. */
export type ZipItem = { readonly name: string; readonly bytes: Buffer } | { readonly bad: string };

/**
 * Reads the members of a zip archive in order, one at a time; memory is bounded by one member. A bad member is an
 * item, a bad archive an error.
 * @throws AdvisoryError `feed_invalid`, `feed_too_large`
 */
export async function* readZip(path: string, limits: ZipLimits = feedZipLimits): AsyncGenerator<ZipItem> {
  // Members are small and many: reading them synchronously is four times as fast as through the thread pool.
  const file = openSync(path, 'r');
  try {
    yield* readMembers(file, limits);
  } finally {
    closeSync(file);
  }
}

async function* readMembers(file: number, limits: ZipLimits): AsyncGenerator<ZipItem> {
  const { size } = fstatSync(file);
  if (size > limits.fileBytes) throw tooLarge(`archive of ${size} bytes`);
  const zip = await openZip(file);
  if (zip.entryCount > limits.entries) throw tooLarge(`archive of ${zip.entryCount} members`);
  let total = 0;
  for await (const entry of entriesOf(zip)) {
    const item = readMember(file, entry, size, limits);
    if ('bytes' in item) {
      total += item.bytes.length;
      if (total > limits.totalBytes) throw tooLarge(`archive of more than ${limits.totalBytes} uncompressed bytes`);
    }
    yield item;
  }
}

function openZip(fd: number): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are checked here, member by member: one odd name must not end the reading of all others.
    fromFd(fd, { autoClose: false, lazyEntries: true, decodeStrings: false }, (error, zip) => {
      if (error) reject(invalid('not a readable zip archive', error));
      else resolve(zip);
    });
  });
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  let settle: { resolve(entry: Entry | undefined): void; reject(error: Error): void } | undefined;
  zip.on('entry', (entry: Entry) => settle?.resolve(entry));
  zip.on('end', () => settle?.resolve(undefined));
  zip.on('error', (error: Error) => settle?.reject(invalid('damaged zip directory', error)));
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      settle = { resolve, reject };
      zip.readEntry();
    });
    if (entry === undefined) return;
    yield entry;
  }
}

function readMember(file: number, entry: Entry, fileSize: number, limits: ZipLimits): ZipItem {
  // With decodeStrings off the library hands out bytes where its types say text.
  const name = (entry.fileName as unknown as Buffer).toString('latin1');
  if (!/^[A-Za-z0-9][A-Za-z0-9:._ -]{0,200}$/.test(name)) return { bad: 'name' };
  if (entry.isEncrypted() || (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)) return { bad: name };
  if (entry.uncompressedSize > limits.entryBytes || entry.compressedSize > limits.entryBytes) return { bad: name };
  const local = Buffer.alloc(30);
  readSync(file, local, 0, 30, entry.relativeOffsetOfLocalHeader);
  if (local.readUInt32LE(0) !== 0x04034b50) return { bad: name };
  const start = entry.relativeOffsetOfLocalHeader + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + entry.compressedSize > fileSize) return { bad: name };
  const packed = Buffer.alloc(entry.compressedSize);
  readSync(file, packed, 0, packed.length, start);
  const bytes = inflate(packed, entry, limits.entryBytes);
  if (bytes === undefined || bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32)
    return { bad: name };
  return { name, bytes };
}

function inflate(packed: Buffer, entry: Entry, maxBytes: number): Buffer | undefined {
  if (entry.compressionMethod === 0) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, Math.min(maxBytes, entry.uncompressedSize)) });
  } catch {
    return undefined;
  }
}

function invalid(message: string, cause: unknown): AdvisoryError {
  const hint = 'Fetch the feed again; the file must be the published all.zip.';
  return new AdvisoryError('feed_invalid', message, { cause, hint });
}

function tooLarge(what: string): AdvisoryError {
  return new AdvisoryError('feed_too_large', `${what} exceeds the limit`);
}
