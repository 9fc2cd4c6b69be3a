import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FixJournal, FixRecord, OwnResult } from '../../fix/index.ts';
import { type Digest, hexOf } from '../../image/index.ts';
import { writeDurably } from '../../kernel/index.ts';
import { acquireFileLock, isLocked } from './file-lock.ts';

/**
 * The fix journal as files below one directory: `tasks/<key>.json`, `results/<hex>.json`, `locks/<hash>.lock`.
 * Every document is flushed and renamed into place, so a crash leaves the old or the new one.
 */
export function createFilesystemJournal(directory: string): FixJournal {
  const taskPath = (key: string): string => join(directory, 'tasks', `${safeKey(key)}.json`);
  const resultPath = (manifest: Digest): string => join(directory, 'results', `${hexOf(manifest)}.json`);
  const lockPath = (target: FixRecord['target']): string =>
    join(directory, 'locks', `${hash(JSON.stringify([target.repository, target.tag]))}.lock`);

  return {
    async lease(target, signal) {
      return acquireFileLock(lockPath(target), signal);
    },

    async read(key) {
      const record = await readJson<FixRecord>(taskPath(key));
      return record?.schema === 1 && record.key === key ? record : undefined;
    },

    async write(record) {
      await writeDocument(taskPath(record.key), record);
    },

    async abandoned() {
      const names = (await readdir(join(directory, 'tasks')).catch(() => [])).filter((name) => name.endsWith('.json'));
      const records: FixRecord[] = [];
      for (const name of names) {
        const record = await readJson<FixRecord>(join(directory, 'tasks', name));
        if (record?.schema !== 1 || record.terminal || (await isLocked(lockPath(record.target)))) continue;
        records.push(record);
      }
      return records;
    },

    async remove(key) {
      await rm(taskPath(key), { force: true });
    },

    async addOwnResult(result) {
      await writeDocument(resultPath(result.manifest), result);
    },

    async ownResult(manifest) {
      const result = await readJson<OwnResult>(resultPath(manifest));
      return result?.manifest === manifest ? result : undefined;
    },
  };
}

/** Removes half-written documents of writers that died. Call once at the start of a command. */
export async function sweepJournal(directory: string, olderThanMs = 3600_000): Promise<number> {
  let removed = 0;
  for (const folder of ['tasks', 'results']) {
    for (const name of await readdir(join(directory, folder)).catch(() => [])) {
      const written = Number(/\.json\.(\d+)-[0-9a-f-]+$/.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(written) || Date.now() - written < olderThanMs) continue;
      await rm(join(directory, folder, name), { force: true });
      removed++;
    }
  }
  return removed;
}

/** Keys are hashes of ours; anything else is hashed before it becomes a file name. */
function safeKey(key: string): string {
  return /^[0-9a-f]{64}$/.test(key) ? key : hash(key);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** undefined when absent, or damaged by a disk: the task is then done anew, which is always safe. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeDocument(path: string, value: unknown): Promise<void> {
  return writeDurably(path, JSON.stringify(value), 0o600);
}
