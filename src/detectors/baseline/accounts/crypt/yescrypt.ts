import { createHmac, hash, pbkdf2Sync } from 'node:crypto';
import { type Boxes, boxesOf, boxWords, mixWithBoxes } from './pwxform.ts';
import { salsa } from './salsa.ts';

/** What a `$y$` hash asks for. Memory is 128 × n × r bytes. */
export interface YescryptCost {
  /** A power of two. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly t: number;
}

const hmac = (key: string | Uint8Array, text: string | Uint8Array): Buffer =>
  createHmac('sha256', key).update(text).digest();
const stretch = (password: Uint8Array, salt: Uint8Array, bytes: number): Buffer =>
  pbkdf2Sync(password, salt, 1, bytes, 'sha256');

/**
 * 32 bytes of yescrypt (Alexander Peslyak, version 1) in the flavour that crypt(3) uses: read-write, six rounds, boxes of
 * 12 KiB. Written after the specification; the tests compare it with the system's crypt.
 */
export function yescrypt(password: Uint8Array, salt: Uint8Array, cost: YescryptCost): Buffer {
  const { n, r, p } = cost;
  if (n / p >= 0x100 && (n / p) * r >= 0x20000) {
    // Large costs are spent on a password that a 64th of the work has already stretched.
    const prehashed = derive(password, salt, { ...cost, n: n / 64, t: 0 }, true);
    return derive(prehashed, salt, cost, false);
  }
  return derive(password, salt, cost, false);
}

function derive(password: Uint8Array, salt: Uint8Array, cost: YescryptCost, prehash: boolean): Buffer {
  const { r, p } = cost;
  const key = hmac(prehash ? 'yescrypt-prehash' : 'yescrypt', password);
  const bytes = stretch(key, salt, 128 * r * p);
  const lanes = wordsOf(bytes);
  const mixedKey = mixLanes(lanes, cost, bytes.subarray(0, 32));
  const result = stretch(mixedKey, bytesOf(lanes), 32);
  return prehash ? result : hash('sha256', hmac(result, 'Client Key'), 'buffer');
}

/** SMix of all lanes in place; gives the key of the last step. */
function mixLanes(lanes: Int32Array, { n, r, p, t }: YescryptCost, key: Uint8Array): Uint8Array {
  const size = 32 * r;
  const memory = new Int32Array(size * n);
  const share = Math.floor(n / p) & ~1;
  const all = loops(Math.floor(n / p), t);
  const writing = evenUp(Math.floor(all.exact / p));
  let mixedKey = key;
  const boxes: Boxes[] = [];
  for (let lane = 0; lane < p; lane++) {
    const block = lanes.subarray(lane * size, (lane + 1) * size);
    const start = lane * share;
    const own = lane < p - 1 ? share : n - start;
    const words = new Int32Array(boxWords);
    fillWithSalsa(block.subarray(0, 32), words);
    const laneBoxes = boxesOf(words);
    boxes.push(laneBoxes);
    if (lane === 0) mixedKey = hmac(bytesOf(block.subarray(size - 16)), mixedKey);
    const part = memory.subarray(start * size, (start + own) * size);
    fill(block, part, own, laneBoxes);
    revisit(block, part, { blocks: 2 ** Math.floor(Math.log2(own)), times: writing, write: true, boxes: laneBoxes });
  }
  for (const [lane, laneBoxes] of boxes.entries()) {
    const block = lanes.subarray(lane * size, (lane + 1) * size);
    revisit(block, memory, { blocks: n, times: all.even - writing, write: false, boxes: laneBoxes });
  }
  return mixedKey;
}

/** How often blocks are visited again: a third of them, more with a higher t. */
function loops(share: number, t: number): { readonly exact: number; readonly even: number } {
  let exact = share;
  if (t <= 1) exact = Math.floor(((t === 1 ? 2 * share : share) + 2) / 3);
  else exact = share * (t - 1);
  return { exact, even: evenUp(exact) };
}

function evenUp(count: number): number {
  return count + (count % 2);
}

/** Fills the boxes of a lane: SMix1 of scrypt with r = 1, without a second pass. */
function fillWithSalsa(block: Int32Array, words: Int32Array): void {
  const x = shuffled(block);
  for (let at = 0; at < words.length; at += 32) {
    words.set(x, at);
    // Two blocks of 16 words: each is mixed with the one before.
    for (const half of [0, 16]) {
      for (let index = 0; index < 16; index++) x[half + index] = (x[half + index] ?? 0) ^ (x[(half ^ 16) + index] ?? 0);
      salsa(x, half, 8);
    }
  }
  block.set(unshuffled(x));
}

/** SMix1: fills the memory, from the third block on with what was written before. */
function fill(block: Int32Array, memory: Int32Array, blocks: number, boxes: Boxes): void {
  const size = block.length;
  const x = shuffled(block);
  for (let at = 0; at < blocks; at++) {
    memory.set(x, at * size);
    if (at > 1) {
      const power = 2 ** Math.floor(Math.log2(at));
      xorWith(x, memory, (lowWord(x) & (power - 1)) + (at - power));
    }
    mixWithBoxes(x, boxes);
  }
  block.set(unshuffled(x));
}

/** SMix2: visits blocks in an order that depends on the password; `blocks` is a power of two. */
function revisit(
  block: Int32Array,
  memory: Int32Array,
  how: { readonly blocks: number; readonly times: number; readonly write: boolean; readonly boxes: Boxes },
): void {
  if (how.times <= 0) return;
  const x = shuffled(block);
  for (let time = 0; time < how.times; time++) {
    const place = lowWord(x) & (how.blocks - 1);
    xorWith(x, memory, place);
    if (how.write) memory.set(x, place * x.length);
    mixWithBoxes(x, how.boxes);
  }
  block.set(unshuffled(x));
}

function lowWord(x: Int32Array): number {
  return x[x.length - 16] ?? 0;
}

function xorWith(x: Int32Array, memory: Int32Array, place: number): void {
  const start = place * x.length;
  for (let index = 0; index < x.length; index++) x[index] = (x[index] as number) ^ (memory[start + index] as number);
}

/** Words of each 64 bytes in the order in which Salsa20 works on four at a time. */
function shuffled(block: Int32Array): Int32Array {
  return block.map((_, index) => block[(index & ~15) + ((index * 5) & 15)] ?? 0);
}

function unshuffled(x: Int32Array): Int32Array {
  const block = new Int32Array(x.length);
  for (const [index, word] of x.entries()) block[(index & ~15) + ((index * 5) & 15)] = word;
  return block;
}

function wordsOf(bytes: Buffer): Int32Array {
  return Int32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32LE(4 * index));
}

function bytesOf(words: Int32Array): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeInt32LE(word, 4 * index);
  return bytes;
}
