import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Spooled } from '../../image/index.ts';
import { storageError } from './storage-error.ts';

/** Small pieces are gathered up to this size before they are written. */
const bufferBytes = 1 << 20;

/** Writes to a file that loses its name at once: the kernel frees it with its descriptor, after a `kill -9` too. */
export async function spoolToFile(
  path: string,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<Spooled> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx+', 0o600);
    await rm(path);
    await writeBuffered(file, content, signal);
    return new SpooledFile(file);
  } catch (error) {
    await file?.close();
    throw storageError(error);
  }
}

async function writeBuffered(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let filled = 0;
  for await (const bytes of content) {
    signal?.throwIfAborted();
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(bytes.length - at, bufferBytes - filled);
      buffer.set(bytes.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < bufferBytes) continue;
      await file.writeFile(buffer);
      filled = 0;
    }
  }
  await file.writeFile(buffer.subarray(0, filled));
}

class SpooledFile implements Spooled {
  #file: FileHandle | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async *read(offset: number, length: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < offset + length; ) {
      if (this.#file === undefined) throw new Error('the temporary file was closed');
      const buffer = Buffer.allocUnsafe(Math.min(bufferBytes, offset + length - at));
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error('the temporary file ends too early');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
