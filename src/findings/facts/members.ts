import { createHash } from 'node:crypto';
import { FactsError } from './errors.ts';

/** Ids of packages live in typed arrays. */
export const maxPackageId = 2 ** 31 - 1;

/** Ids in rising order, each once. */
export function sortedIds(ids: Iterable<number>): Int32Array {
  return Int32Array.from(new Set(ids)).sort();
}

/**
 * The packed form of a component set: rising ids, each as the difference to the one before, as variable-length integers
 * of seven bits a byte, the lowest first. Most differences inside one image are small: two bytes an id.
 * @throws FactsError `facts_damaged` for ids that do not rise or are below 1
 */
export function encodeMembers(ids: Int32Array): Uint8Array {
  const bytes = new Uint8Array(ids.length * 5);
  let at = 0;
  let last = 0;
  for (const id of ids) {
    let delta = id - last;
    if (delta <= 0) throw new FactsError('facts_damaged', `ids of a component set do not rise: ${id} after ${last}`);
    last = id;
    while (delta > 0x7f) {
      bytes[at++] = (delta & 0x7f) | 0x80;
      delta >>>= 7;
    }
    bytes[at++] = delta;
  }
  return bytes.slice(0, at);
}

/** Where the members of the set at hand are written before the array of their number is made. */
let scratch = new Int32Array(4096);

/**
 * Reads what `encodeMembers` wrote.
 * @param n how many ids are expected.
 * @param wanted 1 for each id that is to be given back; absent: all are.
 * @throws FactsError `facts_damaged` when the bytes hold something else
 */
export function decodeMembers(bytes: Uint8Array, n: number, wanted?: Uint8Array): Int32Array {
  if (scratch.length < n) scratch = new Int32Array(n * 2);
  const ids = scratch;
  let at = 0;
  let last = 0;
  let count = 0;
  for (let index = 0; index < n; index++) {
    // Beyond the end this reads undefined, which counts as 0 and ends the number: found out by the length below.
    let byte = bytes[at++] as number;
    let delta = byte & 0x7f;
    for (let shift = 7; byte > 0x7f && shift < 35; shift += 7) {
      byte = bytes[at++] as number;
      delta |= (byte & 0x7f) << shift;
    }
    last += delta;
    if (delta <= 0 || last > maxPackageId) throw damaged(n);
    if (wanted === undefined || wanted[last] === 1) ids[count++] = last;
  }
  if (at !== bytes.length) throw damaged(n);
  return ids.slice(0, count);
}

function damaged(n: number): FactsError {
  return new FactsError('facts_damaged', `a component set does not hold the ${n} packages that it should`, {
    hint: 'Run `drydock doctor`; scanning the image again replaces what is damaged.',
  });
}

/** Address of a set: SHA-256 of its packed form. */
export function setHash(members: Uint8Array): Uint8Array {
  return createHash('sha256').update(members).digest();
}
