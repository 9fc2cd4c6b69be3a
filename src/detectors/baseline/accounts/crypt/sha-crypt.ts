import { hash } from 'node:crypto';
import { encodeShuffled } from './encoding.ts';

/** Rounds when the hash names none; below 1,000 and above 999,999,999 the nearest of the two is taken. */
export const defaultRounds = 5000;

const sha256Order = [
  ...[
    [0, 10, 20],
    [21, 1, 11],
    [12, 22, 2],
    [3, 13, 23],
    [24, 4, 14],
    [15, 25, 5],
    [6, 16, 26],
    [27, 7, 17],
  ],
  ...[
    [18, 28, 8],
    [9, 19, 29],
    [31, 30],
  ],
];
/** Each group is the one before turned by one place, one higher. */
const sha512Order = [
  ...Array.from({ length: 21 }, (_, group) => {
    const triple = [group, group + 21, group + 42];
    return [0, 1, 2].map((place) => triple[(place + group) % 3] ?? 0);
  }),
  [63],
];

/** Which of the two, and how it is written down. */
const variants = {
  sha256: { length: 32, order: sha256Order },
  sha512: { length: 64, order: sha512Order },
} as const;

/** Digits of `$5$` or `$6$` (Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512") for a salt of up to 16 characters. */
export function shaCrypt(kind: 'sha256' | 'sha512', password: Uint8Array, salt: string, rounds: number): string {
  const { length, order } = variants[kind];
  const sha = (parts: readonly Uint8Array[]): Buffer => hash(kind, Buffer.concat(parts), 'buffer');
  const saltBytes = Buffer.from(salt, 'latin1');
  const inner = sha([password, saltBytes, password]);
  const start: Uint8Array[] = [password, saltBytes, ...stretched(inner, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) start.push((bits & 1) === 1 ? inner : password);
  const first = sha(start);
  const p = Buffer.concat(stretched(sha(Array(password.length).fill(password)), password.length));
  const saltDigest = sha(Array(16 + (first[0] ?? 0)).fill(saltBytes));
  const s = Buffer.concat(stretched(saltDigest, saltBytes.length));
  return encodeShuffled(repeat(kind, length, first, { p, s, rounds }), order);
}

/** The costly part: one buffer for all rounds, one call of the digest each. */
function repeat(
  kind: 'sha256' | 'sha512',
  length: number,
  first: Buffer,
  { p, s, rounds }: { readonly p: Buffer; readonly s: Buffer; readonly rounds: number },
): Buffer {
  const text = Buffer.alloc(length + s.length + 2 * p.length);
  let digest = first;
  for (let round = 0; round < rounds; round++) {
    const odd = (round & 1) === 1;
    let at = 0;
    const add = (part: Buffer): void => {
      text.set(part, at);
      at += part.length;
    };
    add(odd ? p : digest);
    if (round % 3 !== 0) add(s);
    if (round % 7 !== 0) add(p);
    add(odd ? digest : p);
    digest = hash(kind, text.subarray(0, at), 'buffer');
  }
  return digest;
}

/** A digest repeated to this many bytes. */
function stretched(digest: Buffer, bytes: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let left = bytes; left > 0; left -= digest.length) parts.push(digest.subarray(0, Math.min(digest.length, left)));
  return parts;
}
