import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { type Clock, systemClock } from '../../kernel/index.ts';
import type { AnalysisKey, LayerAnalysisCache } from '../../scan/index.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** First bytes of every entry; another format of entries gets another number. */
const magic = Buffer.from('ddla1\n', 'latin1');
const hashBytes = 32;
/** Largest entry that is kept or read back, unpacked. */
const maxEntryBytes = 256 * 1024 * 1024;
const defaultMaxBytes = 2 * 1024 * 1024 * 1024;
/** Use is noted only this often per entry: one write per read would be too many. */
const touchMs = 3_600_000;

/**
 * Layer analyses as files `<directory>/<two hex>/<hex>`, named by a hash of their key: magic, SHA-256 of key and body,
 * body (JSON, zstd). An entry is renamed into place whole; anything else than a whole entry of that key counts as
 * absent. {@link pruneAnalysisCache} bounds the directory.
 */
export function createFilesystemAnalysisCache(directory: string, clock: Clock = systemClock): LayerAnalysisCache {
  return {
    async get(key) {
      const path = pathOf(directory, key);
      try {
        const file = await readFile(path);
        const body = file.subarray(magic.length + hashBytes);
        if (!file.subarray(0, magic.length + hashBytes).equals(headerOf(key, body))) return undefined;
        const text = await decompress(body, { maxOutputLength: maxEntryBytes });
        const value: unknown = JSON.parse(text.toString());
        await touch(path, clock.now());
        return value;
      } catch {
        // Absent, damaged or unreadable: all mean that the layer is read again.
        return undefined;
      }
    },

    async put(key, value) {
      const path = pathOf(directory, key);
      const temporary = join(directory, `incoming-${process.pid}-${randomUUID()}`);
      try {
        const text = Buffer.from(JSON.stringify(value));
        if (text.length > maxEntryBytes) return;
        const body = await compress(text, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
        await mkdir(join(path, '..'), { recursive: true });
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writev([headerOf(key, body), body]);
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch {
        // A full or read-only disk makes scans slower, not wrong.
        await rm(temporary, { force: true }).catch(() => {});
      }
    },
  };
}

/**
 * Removes the entries that were not used for the longest time until the rest is within `maxBytes`, and what killed
 * processes left behind. Cheap enough to run after a scan that added something.
 */
export async function pruneAnalysisCache(directory: string, now: Date, maxBytes = defaultMaxBytes): Promise<void> {
  const entries: { path: string; size: number; used: number }[] = [];
  for (const name of await list(directory)) {
    const path = join(directory, name);
    if (name.startsWith('incoming-')) {
      const found = await stat(path).catch(() => undefined);
      if (found && now.getTime() - found.mtimeMs > touchMs) await rm(path, { force: true });
    } else if (/^[0-9a-f]{2}$/.test(name)) {
      for (const file of await list(path)) {
        const found = await stat(join(path, file)).catch(() => undefined);
        if (found?.isFile()) entries.push({ path: join(path, file), size: found.size, used: found.mtimeMs });
      }
    }
  }
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  for (const entry of entries.sort((a, b) => a.used - b.used)) {
    if (total <= maxBytes) break;
    await rm(entry.path, { force: true });
    total -= entry.size;
  }
}

function pathOf(directory: string, key: AnalysisKey): string {
  const hex = createHash('sha256').update(keyText(key)).digest('hex');
  return join(directory, hex.slice(0, 2), hex);
}

function keyText({ layer, visitor, version }: AnalysisKey): string {
  return JSON.stringify([layer, visitor, version]);
}

function headerOf(key: AnalysisKey, body: Uint8Array): Buffer {
  return Buffer.concat([magic, createHash('sha256').update(keyText(key)).update(body).digest()]);
}

async function touch(path: string, now: Date): Promise<void> {
  const { mtimeMs } = await stat(path);
  if (now.getTime() - mtimeMs > touchMs) await utimes(path, now, now);
}

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
