import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isProcessRunning } from '../../kernel/index.ts';

/** Who holds a lock; the content of the lock file. */
interface Holder {
  readonly nonce: string;
  readonly pid: number;
  readonly host: string;
  /** Start of the process in ticks since boot, where the system tells it; a reused pid has another one. */
  readonly started: string | null;
}

/** Holders show every so often that they live; on another machine nothing else could be seen of them. */
const heartbeatMs = 5_000;
const silentMs = 60_000;
const pollMs = 100;

/** A lock that this process holds. */
export interface FileLock extends AsyncDisposable {
  /** Whether the lock file still names us. */
  held(): Promise<boolean>;
}

/**
 * Takes a lock as a file that exists; waits while a live process holds it. The lock of a dead process is taken over.
 * A holder that was wrongly taken for dead notices it by `held()`.
 */
export async function acquireFileLock(path: string, signal: AbortSignal): Promise<FileLock> {
  await mkdir(dirname(path), { recursive: true });
  const own: Holder = { nonce: randomUUID(), pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  const draft = `${path}.${own.nonce}`;
  await writeFile(draft, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
  try {
    while (!(await tryLink(draft, path))) {
      signal.throwIfAborted();
      const holder = await readHolder(path);
      if (holder === 'absent') continue;
      if (await isLive(path, holder)) await delay(pollMs, undefined, { signal });
      else await evict(path, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  const held = async (): Promise<boolean> => {
    const holder = await readHolder(path);
    return typeof holder === 'object' && holder.nonce === own.nonce;
  };
  return {
    held,
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      if (await held()) await rm(path, { force: true });
    },
  };
}

/** Whether a live process holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  return holder !== 'absent' && (await isLive(path, holder));
}

async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** `damaged`: there is a file, but it names nobody; only its age can be judged then. */
async function readHolder(path: string): Promise<Holder | 'absent' | 'damaged'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (typeof value?.nonce !== 'string' || typeof value.pid !== 'number') return 'damaged';
    return { nonce: value.nonce, pid: value.pid, host: value.host ?? '', started: value.started ?? null };
  } catch {
    return 'damaged';
  }
}

async function isLive(path: string, holder: Holder | 'damaged'): Promise<boolean> {
  if (holder !== 'damaged' && holder.host === hostname()) return isRunning(holder);
  const seen = await stat(path).catch(() => undefined);
  return seen !== undefined && Date.now() - seen.mtimeMs < silentMs;
}

async function isRunning({ pid, started }: Holder): Promise<boolean> {
  if (!isProcessRunning(pid)) return false;
  const now = await startOf(pid);
  return started === null || now === null || now === started;
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold blanks and parentheses. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** Moves a dead holder's file aside. Should it be a live one's that came in between, it gets its place back. */
async function evict(path: string, dead: Holder | 'damaged'): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  const expected = dead === 'damaged' ? moved === 'damaged' : typeof moved === 'object' && moved.nonce === dead.nonce;
  if (!expected) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}
