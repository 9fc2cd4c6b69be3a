import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, isProcessRunning, type JsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';

/** A snapshot of the data directory. */
export interface StoredSnapshot {
  /** SHA-256 of the index file: `sha256:<hex>`. */
  readonly id: string;
  readonly origin: 'updated' | 'imported';
  readonly createdAt: string;
  /** Grows with every snapshot; importing a smaller one is a rollback. */
  readonly sequence: number;
  /** RFC 3339 time at which all its sources were last found unchanged or imported. */
  readonly checkedAt: string;
}

/** Content of `current.json`. */
export interface CurrentSnapshots {
  readonly active: StoredSnapshot;
  /** The snapshot before, kept so that a reader or an operator can go back. */
  readonly previous: StoredSnapshot | null;
}

/** How long a lock counts whose process cannot be asked (another host or container). */
const lockAge = 3_600_000;

/**
 * The directory of advisory snapshots:
 *
 *     current.json            which snapshots are active and previous; replaced atomically
 *     snapshots/<hex>.sqlite  index files, named by their SHA-256, never changed
 *     snapshots/.*            work in progress; removed by the next update
 *     update.lock             held by a running update or import
 */
export class DataDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Path of a snapshot's index file. */
  file(snapshot: Pick<StoredSnapshot, 'id'>): string {
    return join(this.path, 'snapshots', `${snapshot.id.slice('sha256:'.length)}.sqlite`);
  }

  /** A fresh path for work in progress on the same file system. */
  temporary(): string {
    return join(this.path, 'snapshots', `.work-${randomUUID()}`);
  }

  /** Where work in progress lies. */
  get temporaryDirectory(): string {
    return join(this.path, 'snapshots');
  }

  /** The active and previous snapshots, or undefined before the first update. */
  async current(): Promise<CurrentSnapshots | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(join(this.path, 'current.json'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return currentOf(parseJson(bytes, { maxBytes: 64 * 1024, maxDepth: 5 }));
    } catch (cause) {
      const hint = 'Remove current.json and run `drydock db update --from URL|DIR`.';
      throw new AdvisoryError('index_invalid', 'current.json of the advisory data is damaged', { cause, hint });
    }
  }

  /** Makes a finished index file the active snapshot. The step that counts is one atomic rename. */
  async activate(temporary: string, snapshot: StoredSnapshot): Promise<void> {
    const before = await this.current();
    await rename(temporary, this.file(snapshot));
    const previous =
      before === undefined || before.active.id === snapshot.id ? (before?.previous ?? null) : before.active;
    await this.#point({ active: snapshot, previous });
    await this.#forget([snapshot.id, previous?.id]);
  }

  /** Records that the active snapshot is still what its sources offer. */
  async confirm(checkedAt: string): Promise<void> {
    const current = await this.current();
    if (current !== undefined) await this.#point({ ...current, active: { ...current.active, checkedAt } });
  }

  async #point(current: CurrentSnapshots): Promise<void> {
    const pointer = this.temporary();
    await using file = await open(pointer, 'wx', 0o644);
    await file.writeFile(`${JSON.stringify(current, undefined, 2)}\n`);
    await file.sync();
    await rename(pointer, join(this.path, 'current.json'));
  }

  /** Takes the right to change the directory; creates it on first use. @throws AdvisoryError `update_running` */
  async lock(now: Date): Promise<AsyncDisposable> {
    await mkdir(join(this.path, 'snapshots'), { recursive: true });
    const path = join(this.path, 'update.lock');
    if (!(await tryLock(path))) {
      if (!(await isAbandoned(path, now))) {
        const hint = 'Wait until it is done; remove update.lock if you are sure that none runs.';
        throw new AdvisoryError('update_running', 'another update of the advisory data is running', {
          hint,
          retryable: true,
        });
      }
      await rm(path, { force: true });
      if (!(await tryLock(path)))
        throw new AdvisoryError('update_running', 'another update has just begun', { retryable: true });
    }
    return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
  }

  /** Removes all but the named snapshots, and what interrupted updates left behind. Only for the holder of the lock. */
  async #forget(keep: readonly (string | undefined)[]): Promise<void> {
    const wanted = new Set(keep.filter((id) => id !== undefined).map((id) => this.file({ id })));
    for (const name of await readdir(this.temporaryDirectory)) {
      const path = join(this.temporaryDirectory, name);
      if (!wanted.has(path)) await rm(path, { force: true });
    }
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await using file = await open(path, 'wx', 0o644);
    await file.writeFile(String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(path: string, now: Date): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const pid = Number(text);
    return now.getTime() - mtimeMs > lockAge || (Number.isSafeInteger(pid) && pid > 0 && !isProcessRunning(pid));
  } catch {
    return true;
  }
}

function currentOf(value: JsonValue): CurrentSnapshots {
  if (!isJsonObject(value) || !isJsonObject(value.active)) throw new TypeError('no active snapshot');
  return { active: storedOf(value.active), previous: isJsonObject(value.previous) ? storedOf(value.previous) : null };
}

function storedOf({ id, origin, createdAt, sequence, checkedAt }: JsonObject): StoredSnapshot {
  const valid =
    typeof id === 'string' && /^sha256:[0-9a-f]{64}$/.test(id) && (origin === 'updated' || origin === 'imported');
  if (!valid || typeof createdAt !== 'string' || typeof checkedAt !== 'string' || typeof sequence !== 'number') {
    throw new TypeError('not a snapshot');
  }
  return { id, origin, createdAt, sequence, checkedAt };
}
