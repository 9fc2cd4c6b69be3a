import type { EvidenceFacts } from '../row-source.ts';
import { DigestColumn, hashOf, TextColumn } from './columns.ts';

/** Places where packages are recorded, by number; shared by parts that follow each other, and only ever longer. */
export class EvidenceTable {
  readonly #paths = new TextColumn();
  readonly #layers = new DigestColumn();
  /** Open addressing: numbers by path and layer, -1 = free. */
  #table = new Int32Array(1024).fill(-1);
  #count = 0;

  /** The number of a place, given to it when it is new. */
  numberOf(path: string, layer: string): number {
    const ofPath = this.#paths.numberOf(path);
    const hash = hashOf(layer);
    let at = slotFor(ofPath, hash) & (this.#table.length - 1);
    for (; this.#table[at] !== -1; at = (at + 1) & (this.#table.length - 1)) {
      const number = this.#table[at] as number;
      const same = this.#paths.number(number) === ofPath && this.#layers.hash(number) === hash;
      if (same && this.#layers.get(number) === layer) return number;
    }
    const number = this.#count++;
    this.#table[at] = number;
    this.#paths.set(number, path);
    this.#layers.set(number, layer);
    if (this.#count * 2 > this.#table.length) this.#grow();
    return number;
  }

  /** The place with a number; undefined for a number that was not given. */
  at(number: number): EvidenceFacts | undefined {
    if (!(number >= 0 && number < this.#count)) return undefined;
    return { path: this.#paths.get(number) as string, layer: this.#layers.get(number) as string };
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    for (let number = 0; number < this.#count; number++) {
      let at = slotFor(this.#paths.number(number), this.#layers.hash(number)) & (table.length - 1);
      while (table[at] !== -1) at = (at + 1) & (table.length - 1);
      table[at] = number;
    }
    this.#table = table;
  }
}

function slotFor(path: number, layer: number): number {
  const mixed = Math.imul(layer ^ Math.imul(path + 1, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
