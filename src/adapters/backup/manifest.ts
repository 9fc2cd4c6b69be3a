import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { BackupError } from './errors.ts';

const hex = z.string().regex(/^[0-9a-f]+$/);

/** One table of an archive; its rows are the lines of `entry`, each a JSON array in the order of `columns`. */
const table = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  columns: z.array(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/)).min(1),
  entry: z.string(),
  rows: z.number().int().nonnegative(),
  sha256: hex,
});

const manifestSchema = z.strictObject({
  format: z.literal(1),
  createdAt: z.string(),
  version: z.string(),
  /** Number of migrations of the store that was copied. */
  schema: z.number().int().positive(),
  engine: z.enum(['sqlite', 'postgres']),
  /** In the order in which they can be filled. */
  tables: z.array(table),
  /** The master key under the passphrase. */
  key: z.strictObject({ salt: hex, nonce: hex, sealed: hex }).nullable(),
});

/** What an archive says of itself. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestTable = Manifest['tables'][number];

/** A manifest as it stands in the archive: `mac` proves that somebody who knew the passphrase wrote it. */
export function encodeManifest(manifest: Manifest, passphrase: Passphrase | undefined): string {
  const text = JSON.stringify(manifest);
  return JSON.stringify({ manifest: text, mac: passphrase === undefined ? null : macOf(text, passphrase) });
}

/** Reads a manifest. @throws BackupError `archive_invalid`, `archive_tampered` */
export function decodeManifest(bytes: Buffer, secret: string | undefined): Manifest {
  let outer: { manifest?: unknown; mac?: unknown };
  let manifest: Manifest;
  try {
    outer = JSON.parse(bytes.toString('utf8'));
    manifest = manifestSchema.parse(JSON.parse(String(outer.manifest)));
  } catch (cause) {
    throw new BackupError('archive_invalid', 'this is not a backup archive of Drydock', { cause });
  }
  if (secret !== undefined && manifest.key !== null) {
    const mac = macOf(String(outer.manifest), passphraseOf(secret, manifest.key.salt));
    const given = Buffer.from(typeof outer.mac === 'string' ? outer.mac : '', 'hex');
    if (given.length !== 32 || !timingSafeEqual(given, Buffer.from(mac, 'hex'))) {
      throw new BackupError('archive_tampered', 'the passphrase is another one, or the archive was changed', {
        hint: 'Use the passphrase of `backup create`; if it is right, do not trust this archive.',
      });
    }
  }
  return manifest;
}

/** A passphrase made into keys, with its salt. */
export interface Passphrase {
  readonly salt: string;
  readonly sealing: Buffer;
  readonly signing: Buffer;
}

/** Derives the keys; costs about 100 ms and 32 MiB on purpose. */
export function passphraseOf(secret: string, salt = randomBytes(16).toString('hex')): Passphrase {
  const both = scryptSync(secret, Buffer.from(salt, 'hex'), 64, { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 });
  return { salt, sealing: both.subarray(0, 32), signing: both.subarray(32) };
}

/** Seals the master key. */
export function sealKey(key: Uint8Array, { salt, sealing }: Passphrase): NonNullable<Manifest['key']> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
  const sealed = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return { salt, nonce: nonce.toString('hex'), sealed: sealed.toString('hex') };
}

/** Opens the master key. @throws BackupError `passphrase_wrong` */
export function openKey({ nonce, sealed }: NonNullable<Manifest['key']>, { sealing }: Passphrase): Buffer {
  const bytes = Buffer.from(sealed, 'hex');
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealing, Buffer.from(nonce, 'hex'));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
  } catch (cause) {
    throw new BackupError('passphrase_wrong', 'the passphrase does not open the master key of this archive', { cause });
  }
}

function macOf(text: string, { signing }: Passphrase): string {
  return createHmac('sha256', signing).update(text).digest('hex');
}
