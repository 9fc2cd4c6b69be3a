import { salsa } from './salsa.ts';

/** Words of the boxes of one lane: three of 256 entries of two 64-bit numbers. */
export const boxWords = 3 * 256 * 4;

/** What pwxform remembers between blocks: which box plays which part, and where the next result goes. */
export interface Boxes {
  readonly words: Int32Array;
  /** Starts of the three boxes in `words`, by the part that they play now. */
  s0: number;
  s1: number;
  s2: number;
  /** Next word of the third box that is written. */
  next: number;
}

/** Boxes over the words that the lane was started with; the first third plays the last part. */
export function boxesOf(words: Int32Array): Boxes {
  return { words, s0: 2048, s1: 1024, s2: 0, next: 0 };
}

const rounds = 6;
/** Words that one round writes: the four lanes side by side. */
const roundWords = 16;

/**
 * Multiplies halves of 64-bit numbers and mixes box entries in, on 16 words: yescrypt's parallel wide transformation. A
 * lane does not see the others, so all its rounds run in local variables, which takes half the time of going by rounds.
 */
function pwxform(x: Int32Array, boxes: Boxes): void {
  const { words, s0, s1, s2 } = boxes;
  for (let lane = 0; lane < 16; lane += 4) {
    let low = x[lane] as number;
    let high = x[lane + 1] as number;
    let nextLow = x[lane + 2] as number;
    let nextHigh = x[lane + 3] as number;
    let place = s2 + boxes.next + lane;
    for (let round = 0; round < rounds; round++) {
      // Offsets are multiples of 16 bytes; four bytes are a word.
      const p0 = s0 + ((low & 0xff0) >> 2);
      const p1 = s1 + ((high & 0xff0) >> 2);
      let product = Math.imul(low, high);
      let added = words[p0] as number;
      let sum = (product + added) | 0;
      high =
        (highProduct(low, high) + (words[p0 + 1] as number) + carry(product, added, sum)) ^ (words[p1 + 1] as number);
      low = sum ^ (words[p1] as number);
      product = Math.imul(nextLow, nextHigh);
      added = words[p0 + 2] as number;
      sum = (product + added) | 0;
      nextHigh =
        (highProduct(nextLow, nextHigh) + (words[p0 + 3] as number) + carry(product, added, sum)) ^
        (words[p1 + 3] as number);
      nextLow = sum ^ (words[p1 + 2] as number);
      if (round === 0 || round === rounds - 1) continue;
      words[place] = low;
      words[place + 1] = high;
      words[place + 2] = nextLow;
      words[place + 3] = nextHigh;
      place += roundWords;
    }
    x[lane] = low;
    x[lane + 1] = high;
    x[lane + 2] = nextLow;
    x[lane + 3] = nextHigh;
  }
  boxes.next = (boxes.next + (rounds - 2) * roundWords) & 1023;
  boxes.s0 = s2;
  boxes.s1 = s0;
  boxes.s2 = s1;
}

/** The upper 32 bits of a product, from halves of 16 bits, so that the engine never leaves 32-bit integers. */
function highProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const inner = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const outer = (Math.imul(a0, b1) + (inner & 0xffff)) | 0;
  return (Math.imul(a1, b1) + (inner >>> 16) + (outer >>> 16)) | 0;
}

/** Whether the sum of two unsigned numbers of 32 bits had a 33rd. */
function carry(a: number, b: number, sum: number): number {
  return ((a & b) | ((a | b) & ~sum)) >>> 31;
}

const x = new Int32Array(16);

/** The block mix of yescrypt: pwxform over all 64-byte blocks, Salsa20/2 on the last. */
export function mixWithBoxes(block: Int32Array, boxes: Boxes): void {
  const last = block.length - 16;
  for (let index = 0; index < 16; index++) x[index] = block[last + index] as number;
  for (let at = 0; at < block.length; at += 16) {
    for (let index = 0; index < 16; index++) x[index] = (x[index] as number) ^ (block[at + index] as number);
    pwxform(x, boxes);
    for (let index = 0; index < 16; index++) block[at + index] = x[index] as number;
  }
  salsa(block, last, 2);
}
