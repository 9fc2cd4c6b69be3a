import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What tests of several files need and what takes long to make, by names that say how it is made. */
const cache = process.env.DRYDOCK_TEST_CACHE ?? join(tmpdir(), 'drydock-test-cache');

/**
 * The path of a file or folder that is made once and then shared, also by test files that run at the same time: they
 * wait for the one that makes it. Nobody may change it.
 * @param make makes it at the path that it is given
 */
export async function cached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(cache, name);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const lock = `${path}.lock`;
  while (!(await take(lock))) await sleep(200);
  try {
    if (existsSync(path)) return path;
    // What a killed run left is not to be mixed with anything.
    const temporary = `${path}.part`;
    await rm(temporary, { recursive: true, force: true });
    await make(temporary);
    await rename(temporary, path);
    return path;
  } finally {
    await rm(lock, { force: true });
  }
}

/** Takes a lock unless a process that lives has it. */
async function take(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(lock, 'utf8').catch(() => 'gone'));
  if (Number.isNaN(holder)) return false;
  // Between its creation and its content a lock is empty.
  const abandoned = holder === 0 ? await isOld(lock) : !isAlive(holder);
  if (abandoned) await rm(lock, { force: true });
  return false;
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > 10_000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
