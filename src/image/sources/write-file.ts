import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeDurably } from '../../kernel/index.ts';
import { SourceError } from './errors.ts';
import { readSmallFile } from './host-file.ts';

const updateAttempts = 10;

/** The last writer of each file in this process; they take turns, so that no change of ours is ever lost. */
const turns = new Map<string, Promise<void>>();

/**
 * Reads, changes and replaces a file. Changes of this process to one file happen one after the other; towards other
 * processes no lock is held: the change is repeated until a re-read shows that it has stayed.
 * @param change new content, or undefined when the content is already as wanted; may be called several times
 * @throws SourceError `layout_busy`, `source_unreadable`
 */
export async function updateFile(
  path: string,
  limit: number,
  change: (bytes: Buffer) => Uint8Array | undefined,
): Promise<void> {
  const key = join(await realpath(dirname(path)), basename(path));
  const before = turns.get(key) ?? Promise.resolve();
  const own = before.catch(() => {}).then(() => attemptUpdate(path, limit, change));
  turns.set(key, own);
  try {
    await own;
  } finally {
    if (turns.get(key) === own) turns.delete(key);
  }
}

async function attemptUpdate(
  path: string,
  limit: number,
  change: (bytes: Buffer) => Uint8Array | undefined,
): Promise<void> {
  for (let attempt = 0; attempt < updateAttempts; attempt++) {
    const bytes = await readSmallFile(path, limit, false);
    if (bytes === undefined) throw new SourceError('source_unreadable', `${path} does not exist`);
    const changed = change(bytes);
    if (changed === undefined) return;
    await writeDurably(path, changed);
  }
  throw new SourceError('layout_busy', `another program keeps changing ${path}`, { retryable: true });
}
