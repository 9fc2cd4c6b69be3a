import { type RawBuilder, sql } from 'kysely';
import { type Digest, hexOf } from '../../image/index.ts';
import type { Engine } from './column-types.ts';

/** A digest as it is stored: its bytes, whose number tells the algorithm. */
export function digestBytes(digest: Digest): Uint8Array {
  return Buffer.from(hexOf(digest), 'hex');
}

/** The digest that bytes were stored for. */
export function digestText(bytes: Uint8Array): Digest {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return bytes.length === 64 ? `sha512:${hex}` : `sha256:${hex}`;
}

/** The digest of bytes that were read as hexadecimal digits. */
export function hexDigest(hex: string): Digest {
  return hex.length === 128 ? `sha512:${hex}` : `sha256:${hex}`;
}

/** A column of bytes read as hexadecimal digits: a text costs a fraction of what an array of bytes costs. */
export function hexColumn<C extends string | null>(engine: Engine, column: string): RawBuilder<C> {
  const ref = sql.ref(column);
  if (engine === 'postgres') return sql<C>`ENCODE(${ref}, 'hex')`;
  return sql<C>`CASE WHEN ${ref} IS NOT NULL THEN LOWER(HEX(${ref})) END`;
}
