import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FreshnessStore, IndexCache } from '../../ecosystems/index.ts';

/** Parsed indexes are large; more than these are seldom in use at once (Ubuntu: 12 per release). */
const keptIndexes = 24;

/**
 * Keeps parsed package indexes in a directory. Entries are written aside and renamed, so a reader never sees half of
 * one; the least recently used go first. Failures to write are ignored: the cache only saves time.
 */
export function fileIndexCache(directory: string): IndexCache {
  const pathOf = (key: string): string => join(directory, `${sha256(key)}.index`);
  return {
    async get(key) {
      const path = pathOf(key);
      try {
        const content = await readFile(path);
        const now = new Date();
        await utimes(path, now, now).catch(() => {});
        return content;
      } catch {
        return undefined;
      }
    },
    async put(key, content) {
      try {
        await replaceFile(pathOf(key), content);
        await prune(directory);
      } catch {
        // Best effort, see above.
      }
    },
  };
}

async function prune(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.index'));
  if (names.length <= keptIndexes) return;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, used: (await stat(join(directory, name))).mtimeMs })),
  );
  aged.sort((a, b) => b.used - a.used);
  await Promise.all(aged.slice(keptIndexes).map(({ name }) => rm(join(directory, name), { force: true })));
}

/**
 * Remembers the dates of signed indexes in one small file each. Unlike the cache this is part of the protection
 * against replay, so failures to write are errors.
 */
export function fileFreshness(directory: string): FreshnessStore {
  const pathOf = (archive: string, suite: string): string => join(directory, `${sha256(`${archive}\n${suite}`)}.date`);
  return {
    async newest(archive, suite) {
      try {
        const text = (await readFile(pathOf(archive, suite), 'latin1')).trim();
        return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async remember(archive, suite, date) {
      await replaceFile(pathOf(archive, suite), Buffer.from(`${date}\n`));
    },
  };
}

/** Reads the armored keyrings that come with the program; `directory` is its `data/keyrings`. */
export function bundledKeyrings(directory: string): (name: string) => Promise<string | undefined> {
  return async (name) => {
    if (!/^[a-z0-9-]{1,64}$/.test(name)) return undefined;
    try {
      return await readFile(join(directory, `${name}.asc`), 'latin1');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}

async function replaceFile(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
