import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { RemoteError } from '../../cli/service/errors.ts';
import type { SaveDownload } from '../../cli/service/export.ts';

const attempts = 5;

/**
 * Writes a download to a file that appears whole or not at all. A broken connection is continued where it stopped; what
 * arrives must have the promised checksum.
 * @throws RemoteError; errors of the file system
 */
export const saveDownload: SaveDownload = async (path, from, sha256) => {
  const draft = `${path}.part`;
  const hash = createHash('sha256');
  try {
    await using file = await open(draft, 'w');
    let offset = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await from(offset);
        if (offset > 0 && answer.status !== 206) throw new RemoteError(409, 'the file changed while it was downloaded');
        for await (const chunk of answer.body) {
          hash.update(chunk);
          await file.writeFile(chunk);
          offset += chunk.length;
        }
        break;
      } catch (error) {
        if (attempt === attempts || (error instanceof RemoteError && !error.retryable)) throw error;
      }
    }
    await file.sync();
    const actual = hash.digest('hex');
    if (actual !== sha256) throw new RemoteError(502, `the download is damaged: sha256 ${actual} instead of ${sha256}`);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};
