import { hash } from 'node:crypto';
import { encodeShuffled } from './encoding.ts';

const order = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]];

const md5 = (...parts: readonly Uint8Array[]): Buffer => hash('md5', Buffer.concat(parts), 'buffer');

/** Digits of md5crypt (`$1$`, Poul-Henning Kamp 1994) for a password and a salt of up to eight characters. */
export function md5Crypt(password: Uint8Array, salt: string): string {
  const saltBytes = Buffer.from(salt, 'latin1');
  const inner = md5(password, saltBytes, password);
  const start: Uint8Array[] = [password, Buffer.from('$1$'), saltBytes];
  for (let left = password.length; left > 0; left -= 16) start.push(inner.subarray(0, Math.min(16, left)));
  // The original meant to add bytes of the digest here and added zeroes: so does everyone since.
  const zero = Buffer.alloc(1);
  for (let bits = password.length; bits > 0; bits >>= 1) start.push((bits & 1) === 1 ? zero : password.subarray(0, 1));
  let digest = md5(...start);
  for (let round = 0; round < 1000; round++) {
    const odd = (round & 1) === 1;
    const parts: Uint8Array[] = [odd ? password : digest];
    if (round % 3 !== 0) parts.push(saltBytes);
    if (round % 7 !== 0) parts.push(password);
    parts.push(odd ? digest : password);
    digest = md5(...parts);
  }
  return encodeShuffled(digest, order);
}
