import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { writeDurably } from '../../kernel/index.ts';
import type { ExportFiles } from '../../service/index.ts';

const privateFile = 0o600;

/**
 * Exports in a folder: `<id>/rows` (pinned rows, until the file is done), `<id>/file`, `<id>/manifest.json`. All servers and
 * workers of an installation share it.
 */
export function createExportFiles(folder: string): ExportFiles {
  const path = (id: string, name: string): string => {
    // Ids are made by us; what is not a UUID never becomes part of a path.
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new TypeError('not the id of an export');
    return join(folder, id, name);
  };
  return {
    async createSnapshot(id) {
      await mkdir(join(folder, id), { recursive: true, mode: 0o700 });
      const file = await open(path(id, 'rows'), 'w', privateFile);
      return {
        write: (bytes) => writeAll(file, bytes, null),
        close: () => closeDurably(file),
      };
    },
    openSnapshot: async (id) => openSource(path(id, 'rows')),
    async openOutput(id) {
      const file = await openForWriting(path(id, 'file'));
      const { size } = await file.stat();
      return {
        size,
        write: (bytes, position) => writeAll(file, bytes, position),
        sync: () => file.datasync(),
        close: () => file.close(),
      };
    },
    seal: (id, bytes, signal) => seal(path(id, 'file'), bytes, signal),
    writeManifest: (id, manifest) =>
      writeDurably(path(id, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, privateFile),
    readManifest: async (id) => JSON.parse(await readFile(path(id, 'manifest.json'), 'utf8')),
    read: (id, start, end) =>
      end <= start ? Readable.from([]) : createReadStream(path(id, 'file'), { start, end: end - 1 }),
    async has(id, bytes) {
      const found = await stat(path(id, 'file')).catch(() => null);
      return found?.size === bytes;
    },
    removeSnapshot: (id) => rm(path(id, 'rows'), { force: true }),
    remove: (id) => rm(path(id, '.'), { recursive: true, force: true }),
  };
}

async function openForWriting(path: string): Promise<FileHandle> {
  // Not 'a' and not 'w': what an earlier attempt wrote stays, and bytes go to their positions.
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return open(path, 'w+', privateFile);
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number | null): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const at = position === null ? null : position + done;
    done += (await file.write(bytes, done, bytes.length - done, at)).bytesWritten;
  }
}

async function closeDurably(file: FileHandle): Promise<void> {
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Blocking reads: the process that produces a file has nothing else to do meanwhile. */
function openSource(path: string): Awaited<ReturnType<ExportFiles['openSnapshot']>> {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  return {
    size,
    read(into, position) {
      let done = 0;
      while (done < into.length) {
        const count = readSync(file, into, done, into.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    },
    close: async () => closeSync(file),
  };
}

async function seal(path: string, bytes: number, signal: AbortSignal): Promise<string> {
  await using file = await open(path, 'r+');
  await file.truncate(bytes);
  await file.sync();
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(1 << 20);
  for (let position = 0; position < bytes; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) throw new Error('the file of an export is shorter than what was written');
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash.digest('hex');
}
