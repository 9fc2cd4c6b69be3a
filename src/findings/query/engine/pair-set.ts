/** A set of pairs of small numbers that is emptied without being cleared. */
export class PairSet {
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  #stamps = new Int32Array(1024);
  #stamp = 1;
  #size = 0;

  clear(): void {
    this.#stamp++;
    this.#size = 0;
  }

  /** False when the pair is in it already. */
  add(first: number, second: number): boolean {
    const mask = this.#stamps.length - 1;
    let at = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & mask;
    while (this.#stamps[at] === this.#stamp) {
      if (this.#first[at] === first && this.#second[at] === second) return false;
      at = (at + 1) & mask;
    }
    this.#stamps[at] = this.#stamp;
    this.#first[at] = first;
    this.#second[at] = second;
    if (++this.#size * 2 > this.#stamps.length) this.#grow();
    return true;
  }

  #grow(): void {
    const old = { first: this.#first, second: this.#second, stamps: this.#stamps, stamp: this.#stamp };
    const length = old.stamps.length * 2;
    this.#first = new Int32Array(length);
    this.#second = new Int32Array(length);
    this.#stamps = new Int32Array(length);
    this.#stamp = 1;
    this.#size = 0;
    for (let at = 0; at < old.stamps.length; at++) {
      if (old.stamps[at] === old.stamp) this.add(old.first[at] as number, old.second[at] as number);
    }
  }
}

/** An empty set of pairs. */
export function newPairs(): PairSet {
  return new PairSet();
}
