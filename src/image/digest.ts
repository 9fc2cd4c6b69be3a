import { createHash, type Hash } from 'node:crypto';
import { CodedError } from '../kernel/index.ts';

/** A content digest as the OCI image specification writes it; only sha256 and sha512 are accepted. */
export type Digest = `sha256:${string}` | `sha512:${string}`;

export class DigestError extends CodedError<'invalid_digest' | 'digest_mismatch'> {}

const lengths: Record<string, number> = { sha256: 64, sha512: 128 };

/** Whether a text is a digest that may be used: known algorithm, lower-case hex of exactly its length. */
export function isDigest(text: string): text is Digest {
  const colon = text.indexOf(':');
  const want = lengths[text.slice(0, colon)];
  return want !== undefined && text.length === colon + 1 + want && /^[0-9a-f]+$/.test(text.slice(colon + 1));
}

/** @throws DigestError `invalid_digest`; path-like, upper-case and sha1 digests are refused. */
export function parseDigest(text: unknown): Digest {
  if (typeof text === 'string' && isDigest(text)) return text;
  throw new DigestError(
    'invalid_digest',
    `not a sha256 or sha512 digest: ${JSON.stringify(String(text).slice(0, 100))}`,
  );
}

/** The algorithm in front of the colon. */
export function algorithmOf(digest: Digest): 'sha256' | 'sha512' {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

/** The hex part behind the colon; safe as a file name. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** sha256 digest of bytes in memory. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return finishDigest(createHash('sha256').update(bytes), 'sha256');
}

/** Ends a running hash as a digest. */
export function finishDigest(hash: Hash, algorithm: 'sha256' | 'sha512'): Digest {
  return `${algorithm}:${hash.digest('hex')}`;
}
