import {
  expansion,
  finalOrder,
  firstOrder,
  keyOrder,
  keyShifts,
  roundKeyOrder,
  roundOrder,
  substitutions,
} from './des-tables.data.ts';
import { cryptDigits, digitValue } from './encoding.ts';

const pick = (bits: Uint8Array, order: readonly number[]): Uint8Array =>
  Uint8Array.from(order, (position) => bits[position - 1] ?? 0);

/**
 * The traditional crypt(3): 25 times DES (FIPS 46-3) of zeroes with the first eight characters as the key; each of the
 * twelve bits of the salt that is set swaps two bits of the expansion.
 * @returns all 13 characters; undefined when the salt is not of two digits
 */
export function desCrypt(password: Uint8Array, salt: string): string | undefined {
  const low = digitValue(salt[0]);
  const high = digitValue(salt[1]);
  if (low === undefined || high === undefined) return undefined;
  const swapped = [...expansion];
  for (let bit = 0; bit < 12; bit++) {
    if ((((high << 6) | low) & (1 << bit)) === 0) continue;
    [swapped[bit], swapped[bit + 24]] = [swapped[bit + 24] ?? 0, swapped[bit] ?? 0];
  }
  const keys = roundKeys(password);
  let block = new Uint8Array(64);
  for (let time = 0; time < 25; time++) block = encrypt(block, keys, swapped);
  return salt.slice(0, 2) + digitsOf(block);
}

function roundKeys(password: Uint8Array): Uint8Array[] {
  const key = new Uint8Array(64);
  for (let byte = 0; byte < 8; byte++) {
    for (let bit = 0; bit < 7; bit++) key[byte * 8 + bit] = ((password[byte] ?? 0) >> (6 - bit)) & 1;
  }
  const halves = pick(key, keyOrder);
  let turned = 0;
  return keyShifts.map((shift) => {
    turned += shift;
    const rotated = Uint8Array.from(halves, (_, index) => {
      const half = index < 28 ? 0 : 28;
      return halves[half + ((index - half + turned) % 28)] ?? 0;
    });
    return pick(rotated, roundKeyOrder);
  });
}

function encrypt(block: Uint8Array, keys: readonly Uint8Array[], expanded: readonly number[]): Uint8Array<ArrayBuffer> {
  const start = pick(block, firstOrder);
  let left = start.slice(0, 32);
  let right = start.slice(32);
  const mixed = new Uint8Array(32);
  for (const key of keys) {
    for (let box = 0; box < 8; box++) {
      let six = 0;
      for (let bit = 6 * box; bit < 6 * box + 6; bit++) {
        six = (six << 1) | ((right[(expanded[bit] ?? 1) - 1] ?? 0) ^ (key[bit] ?? 0));
      }
      const row = ((six >> 4) & 2) | (six & 1);
      const four = substitutions[box]?.[row * 16 + ((six >> 1) & 15)] ?? 0;
      for (let bit = 0; bit < 4; bit++) mixed[4 * box + bit] = (four >> (3 - bit)) & 1;
    }
    const next = new Uint8Array(32);
    for (let bit = 0; bit < 32; bit++) next[bit] = (left[bit] ?? 0) ^ (mixed[(roundOrder[bit] ?? 1) - 1] ?? 0);
    left = right;
    right = next;
  }
  const end = new Uint8Array(64);
  end.set(right);
  end.set(left, 32);
  return Uint8Array.from(pick(end, finalOrder));
}

/** 64 bits and two zeroes, highest first. */
function digitsOf(block: Uint8Array): string {
  let text = '';
  for (let at = 0; at < 66; at += 6) {
    let value = 0;
    for (let bit = at; bit < at + 6; bit++) value = (value << 1) | (block[bit] ?? 0);
    text += cryptDigits[value];
  }
  return text;
}
