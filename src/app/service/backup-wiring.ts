import { access, stat } from 'node:fs/promises';
import { BackupError } from '../../adapters/backup/errors.ts';
import { openKey, passphraseOf } from '../../adapters/backup/manifest.ts';
import { type Archive, openArchive } from '../../adapters/backup/read-archive.ts';
import { restoreArchive } from '../../adapters/backup/restore.ts';
import { writeArchive } from '../../adapters/backup/write-archive.ts';
import { openDatabase } from '../../adapters/sql/index.ts';
import type { BackupDeps, BackupSummary } from '../../cli/service/backup.ts';
import { effectiveSettings } from '../../cli/service/settings.ts';
import { writeDurably } from '../../kernel/index.ts';
import { processParts } from '../process.ts';
import { readSecretFile } from '../registry-wiring.ts';
import { readSettings, type Settings } from '../settings.ts';
import { version } from '../version.ts';
import { type ServiceOptions, serviceOptions } from './options.ts';
import { storeTarget } from './store.ts';

/** Wires `drydock backup` and `drydock restore`. */
export async function loadBackup(): Promise<BackupDeps> {
  const parts = processParts();
  const settings = await readSettings(parts.terminal.env);
  const options = await serviceOptions(
    effectiveSettings({}, parts.terminal.env, settings.config.server ?? {}),
    settings,
  );
  const place = { settings, options, signal: parts.signal };
  return {
    ...parts,
    create: (file, { passphraseFile }) => create(file, passphraseFile, place),
    verify: async (file) => {
      await using archive = await openArchive(file, undefined);
      for (const table of archive.manifest.tables)
        for await (const _ of archive.rows(table)) parts.signal.throwIfAborted();
      return await summary(file, archive.manifest);
    },
    restore: (file, { passphraseFile }) => restore(file, passphraseFile, place),
  };
}

interface Place {
  readonly settings: Settings;
  readonly options: ServiceOptions;
  readonly signal: AbortSignal;
}

async function create(file: string, passphraseFile: string | undefined, place: Place): Promise<BackupSummary> {
  const { settings, options, signal } = place;
  const key = passphraseFile && {
    bytes: Buffer.from(await readSecretFile(options.masterKeyFile), 'utf8'),
    passphrase: passphraseOf((await readSecretFile(passphraseFile)).trim()),
  };
  const db = await openDatabase(storeTarget(options, settings));
  try {
    const input = { db, version, createdAt: new Date(), key: key || undefined, signal };
    const { manifest } = await writeArchive(file, input);
    return await summary(file, manifest);
  } finally {
    await db.close();
  }
}

async function restore(file: string, passphraseFile: string | undefined, place: Place): Promise<BackupSummary> {
  const { settings, options, signal } = place;
  const secret = passphraseFile && (await readSecretFile(passphraseFile)).trim();
  await using archive = await openArchive(file, secret || undefined);
  const masterKey = secret ? keyOf(archive, secret) : undefined;
  if (masterKey !== undefined && (await exists(options.masterKeyFile))) {
    throw new BackupError('target_not_empty', `there is a master key already: ${options.masterKeyFile}`, {
      hint: 'Restore into a new data directory, or restore without --passphrase-file to keep this key.',
    });
  }
  const db = await openDatabase(storeTarget(options, settings));
  try {
    await restoreArchive(db, archive, signal);
  } finally {
    await db.close();
  }
  // Last: an installation without its rows must not get a key that could look like it belongs to others.
  if (masterKey !== undefined) await writeDurably(options.masterKeyFile, masterKey, 0o600);
  return await summary(file, archive.manifest);
}

function keyOf({ manifest }: Archive, secret: string): Buffer {
  if (manifest.key === null) {
    throw new BackupError(
      'passphrase_needed',
      'this archive was made without a passphrase: the master key is not in it',
      {
        hint: 'Restore without --passphrase-file, and put the master key file in place by hand.',
      },
    );
  }
  return openKey(manifest.key, passphraseOf(secret, manifest.key.salt));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function summary(file: string, manifest: Archive['manifest']): Promise<BackupSummary> {
  return {
    file,
    bytes: (await stat(file)).size,
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    withKey: manifest.key !== null,
    createdAt: manifest.createdAt,
    version: manifest.version,
  };
}
