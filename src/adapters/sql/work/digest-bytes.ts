import { type Digest, hexOf } from '../../../image/index.ts';

/** The bytes of a digest; the algorithm follows from their number. */
export function digestBytes(digest: Digest): Uint8Array {
  return Buffer.from(hexOf(digest), 'hex');
}

/** The digest of stored bytes. */
export function digestFromBytes(bytes: Uint8Array): Digest {
  return `${bytes.length === 64 ? 'sha512' : 'sha256'}:${Buffer.from(bytes).toString('hex')}`;
}
