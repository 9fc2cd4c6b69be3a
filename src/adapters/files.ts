import { open, realpath, stat } from 'node:fs/promises';
import { writeDurably } from '../kernel/index.ts';

/**
 * Writes a document to where a user wants it. A file is replaced whole or not at all and folders are made; a link is
 * followed; a device or a pipe, such as `/dev/null`, is written to and never replaced.
 */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return writeDurably(path, bytes);
  if (found.isFile()) return writeDurably(await realpath(path), bytes);
  await using file = await open(path, 'w');
  await file.writeFile(bytes);
}
