import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AccessError } from '../errors.ts';

const maxFileBytes = 4096;

/**
 * The master keys of an installation: one per line, 64 hex digits; the first one seals, the others only open what was
 * sealed before. They live outside the database, so that a stolen database or backup gives no secret away.
 * @param mayCreate false when sealed data exists already: a new key could not open it
 * @throws AccessError `master_key_missing`, `master_key_invalid`
 */
export async function loadMasterKeys(path: string, mayCreate: boolean): Promise<readonly Uint8Array[]> {
  const found = await readKeys(path);
  if (found !== undefined) return found;
  if (!mayCreate) {
    throw new AccessError('master_key_missing', `The master key file ${path} is missing.`, {
      hint: 'Restore the file: without it no access key and no registry password can be used.',
    });
  }
  await createKey(path);
  const created = await readKeys(path);
  if (created === undefined) throw new AccessError('master_key_missing', `The master key file ${path} has vanished.`);
  return created;
}

async function readKeys(path: string): Promise<Uint8Array[] | undefined> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (info === undefined) return undefined;
  if ((info.mode & 0o007) !== 0) {
    throw new AccessError('master_key_invalid', `Everybody on this machine may read the master key file ${path}.`, {
      hint: `Run: chmod 600 ${path} (in Kubernetes: defaultMode: 0400 at the secret volume).`,
    });
  }
  await using file = await open(path, 'r');
  const buffer = Buffer.alloc(maxFileBytes);
  const { bytesRead } = await file.read(buffer, 0, maxFileBytes, 0);
  const lines = buffer
    .toString('latin1', 0, bytesRead)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => /^[0-9a-fA-F]{64}$/.test(line))) {
    throw new AccessError('master_key_invalid', `The master key file ${path} does not hold lines of 64 hex digits.`, {
      hint: 'Restore the file, or write a key made by: openssl rand -hex 32',
    });
  }
  return lines.map((line) => Buffer.from(line, 'hex'));
}

/** Puts a new key in place whole; of two processes that do so at once, one wins and both read its key. */
async function createKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
  try {
    {
      await using file = await open(temporary, 'wx', 0o600);
      await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
      await file.sync();
    }
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  await using folder = await open(dirname(path));
  await folder.sync();
}
