import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** Read access to directories of this machine that the operator configured as mirrors or bundles. */
export interface LocalFiles {
  /** Bytes of a file; undefined when it does not exist. */
  open(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** The machine's own files; only `app/` and tests choose it. */
export const systemFiles: LocalFiles = {
  async open(path, signal) {
    try {
      const handle = await open(path, 'r');
      return createReadStream(path, { fd: handle, highWaterMark: 256 * 1024, signal });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
};
