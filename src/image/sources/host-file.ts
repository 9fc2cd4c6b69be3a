import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { messageOf } from '../../kernel/index.ts';
import { SourceError } from './errors.ts';

const pieceBytes = 512 * 1024;

/**
 * Opens a regular file of the host for reading, or answers undefined when there is none. With `follow: false` the last
 * component may not be a link. FIFOs and devices are refused without waiting for them.
 * @throws SourceError `source_unreadable`
 */
export async function openFile(path: string, follow = true): Promise<FileHandle | undefined> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW);
  let handle: FileHandle;
  try {
    handle = await open(path, flags);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SourceError('source_unreadable', `cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new SourceError('source_unreadable', `${path} is not a regular file`);
}

/** Reads a small file of a layout whole; undefined when there is none. @throws SourceError `invalid_layout` above `limit` */
export async function readSmallFile(path: string, limit: number, follow = true): Promise<Buffer | undefined> {
  const handle = await openFile(path, follow);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    if (size > limit) throw new SourceError('invalid_layout', `${path} has ${size} bytes; the limit is ${limit}`);
    return await readRange(handle, 0, size);
  } finally {
    await handle.close();
  }
}

/** Exactly the bytes of a range, fewer only where the file ends. */
export async function readRange(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The bytes of a range in large pieces; ends early where the file does. */
export async function* streamRange(
  handle: FileHandle,
  start: number,
  length: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; ) {
    signal.throwIfAborted();
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, length - done));
    const { bytesRead } = await handle.read(piece, 0, piece.length, start + done);
    if (bytesRead === 0) return;
    done += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** A stream over bytes in memory. */
export function streamOf(bytes: Uint8Array): Readable {
  return Readable.from([bytes], { objectMode: false });
}
