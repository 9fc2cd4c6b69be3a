import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { encodeEntry, tarEnd, tarPadding } from '../layers/tar-writer.ts';
import { type HostEntry, hostPath } from './directory-walk.ts';
import { streamRange } from './host-file.ts';

/**
 * An uncompressed layer of the entries of a root directory; the same tree gives the same bytes. Files that cannot be
 * opened are empty in it and their paths are added to `unreadable`, which a later pass over the same tree is given
 * back, so that it writes the same again.
 */
export async function* tarOfDirectory(
  root: string,
  entries: readonly HostEntry[],
  unreadable: Set<string>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const host of entries) {
    signal.throwIfAborted();
    const { entry } = host;
    const file = entry.size > 0 && !unreadable.has(entry.path) ? await openEntry(root, host) : undefined;
    if (file === undefined) {
      if (entry.size > 0) unreadable.add(entry.path);
      yield encodeEntry({ ...entry, size: 0 });
      continue;
    }
    try {
      yield encodeEntry(entry);
      yield* content(file, entry.size, signal);
    } finally {
      await file.close();
    }
  }
  yield tarEnd;
}

/** The file that was examined, and no other that took its name (or a parent's) since then. */
async function openEntry(root: string, { entry, device, inode }: HostEntry): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(hostPath(root, entry.path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (stats.isFile() && stats.dev === device && stats.ino === inode) return file;
  } catch {
    // reported by the caller as unreadable
  }
  await file?.close();
  return undefined;
}

/** Exactly `size` bytes and the padding; a file that shrank meanwhile is filled up and fails the digest later. */
async function* content(file: FileHandle, size: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of streamRange(file, 0, size, signal)) {
    left -= chunk.length;
    yield chunk;
  }
  for (; left > 0; left -= Math.min(left, 65_536)) yield Buffer.alloc(Math.min(left, 65_536));
  yield tarPadding(size);
}
