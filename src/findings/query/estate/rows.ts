import { regrown } from './columns.ts';

/**
 * Compressed sparse rows that keep their older versions readable: row `r` is `values[start[r]] … start[r] + length[r] - 1`.
 * A new version copies `start` and `length` and appends to the shared tail of `values`, which nobody older reads. Only the
 * newest version may be changed.
 */
export class Rows {
  readonly start: Int32Array;
  readonly length: Int32Array;
  readonly values: Int32Array;
  /** Rows in use; the arrays may be longer. */
  readonly count: number;
  /** Values written, including those of rows that were replaced. */
  readonly used: number;

  private constructor(start: Int32Array, length: Int32Array, values: Int32Array, count: number, used: number) {
    this.start = start;
    this.length = length;
    this.values = values;
    this.count = count;
    this.used = used;
  }

  /** No rows. */
  static get empty(): Rows {
    return new Rows(new Int32Array(0), new Int32Array(0), new Int32Array(0), 0, 0);
  }

  /** Takes the arrays over. */
  static of(start: Int32Array, length: Int32Array, values: Int32Array, count: number, used: number): Rows {
    return new Rows(start, length, values, count, used);
  }

  /** The inverse: row `v` lists the rows that hold the value `v`, ascending. */
  inverse(count: number): Rows {
    const length = new Int32Array(count);
    for (let row = 0; row < this.count; row++) {
      const begin = this.start[row] as number;
      const end = begin + (this.length[row] as number);
      for (let at = begin; at < end; at++) (length[this.values[at] as number] as number)++;
    }
    const start = new Int32Array(count);
    let total = 0;
    for (let value = 0; value < count; value++) {
      start[value] = total;
      total += length[value] as number;
    }
    const values = new Int32Array(total);
    const next = start.slice();
    for (let row = 0; row < this.count; row++) {
      const begin = this.start[row] as number;
      const end = begin + (this.length[row] as number);
      for (let at = begin; at < end; at++) {
        const value = this.values[at] as number;
        const slot = next[value] as number;
        values[slot] = row;
        next[value] = slot + 1;
      }
    }
    return new Rows(start, length, values, count, total);
  }

  /** Values of one row; a view that must not be changed. */
  row(row: number): Int32Array {
    if (row >= this.count) return this.values.subarray(0, 0);
    const begin = this.start[row] as number;
    return this.values.subarray(begin, begin + (this.length[row] as number));
  }

  /** A version with `count` rows in which the given rows are replaced; new rows that are not given are empty. */
  with(changes: ReadonlyMap<number, ArrayLike<number>>, count: number): Rows {
    let added = 0;
    for (const values of changes.values()) added += values.length;
    let garbage = this.used;
    for (let row = 0; row < this.count; row++) garbage -= this.length[row] as number;
    const compacting = garbage > 1024 && garbage > (this.used - garbage) * 2;
    const base = compacting ? this.#compact(added) : this;
    const start = new Int32Array(count);
    const length = new Int32Array(count);
    start.set(base.start.subarray(0, Math.min(base.count, count)));
    length.set(base.length.subarray(0, Math.min(base.count, count)));
    const values = grown(base.values, base.used + added);
    let used = base.used;
    for (const [row, change] of changes) {
      start[row] = used;
      length[row] = change.length;
      values.set(change, used);
      used += change.length;
    }
    return new Rows(start, length, values, count, used);
  }

  #compact(spare: number): Rows {
    const start = new Int32Array(this.count);
    let used = 0;
    for (let row = 0; row < this.count; row++) used += this.length[row] as number;
    const values = new Int32Array(used + spare);
    used = 0;
    for (let row = 0; row < this.count; row++) {
      start[row] = used;
      values.set(this.row(row), used);
      used += this.length[row] as number;
    }
    return new Rows(start, this.length, values, this.count, used);
  }

  /** Bytes of the arrays. */
  get bytes(): number {
    return this.start.byteLength + this.length.byteLength + this.values.byteLength;
  }
}

/** The array itself when it is long enough, else a longer copy with room to grow. Older holders keep theirs. */
export function grown<T extends Int32Array | Uint8Array | Float64Array>(array: T, length: number): T {
  if (array.length >= length) return array;
  const longer = new (array.constructor as new (length: number) => T)(Math.ceil(length * 1.25) + 16);
  longer.set(array as never);
  return longer;
}

/** Collects rows in order of their numbers; the cheap way to make `Rows` from nothing. */
export class RowsBuilder {
  #start = new Int32Array(1024);
  #length = new Int32Array(1024);
  #values = new Int32Array(8192);
  #count = 0;
  #used = 0;

  /** Appends the next row. */
  add(values: ArrayLike<number>, length = values.length): void {
    this.#start = regrown(this.#start, this.#count + 1);
    this.#length = regrown(this.#length, this.#count + 1);
    this.#values = regrown(this.#values, this.#used + length);
    this.#start[this.#count] = this.#used;
    this.#length[this.#count++] = length;
    for (let index = 0; index < length; index++) this.#values[this.#used + index] = values[index] as number;
    this.#used += length;
  }

  /** The finished rows, which takes them away. */
  build(): Rows {
    const cut = (array: Int32Array<ArrayBuffer>, length: number): Int32Array =>
      new Int32Array(array.buffer.transfer(length * array.BYTES_PER_ELEMENT));
    const [count, used] = [this.#count, this.#used];
    return Rows.of(cut(this.#start, count), cut(this.#length, count), cut(this.#values, used), count, used);
  }
}
