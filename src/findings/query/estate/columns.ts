const idPattern = /^[0-9a-f]{32}$/;
const width = 32;

/** `sha256:` and 64 digits; a pattern would take several times as long. */
function isSha256(text: string): boolean {
  if (text.length !== 71 || !text.startsWith('sha256:')) return false;
  for (let at = 7; at < 71; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x66 || (code > 0x39 && code < 0x61)) return false;
  }
  return true;
}

/** A longer array with the same values. The old one is given up at once, so nobody else may hold it. */
export function regrown<T extends Int32Array | Uint8Array | Float64Array>(array: T, length: number): T {
  if (array.length >= length) return array;
  const buffer = array.buffer as ArrayBuffer;
  const bytes = Math.max(64, Math.ceil(length * 1.25)) * array.BYTES_PER_ELEMENT;
  return new (array.constructor as new (buffer: ArrayBuffer) => T)(buffer.transfer(bytes));
}

/** Numbers or null, by position; positions are filled in rising order. */
export class NumberColumn {
  #values = new Float64Array(64);

  set(at: number, value: number | null): void {
    this.#values = regrown(this.#values, at + 1);
    this.#values[at] = value ?? Number.NaN;
  }

  get(at: number): number | null {
    const value = this.#values[at] as number;
    return Number.isNaN(value) ? null : value;
  }

  /** For columns that have no nulls. */
  known(at: number): number {
    return this.#values[at] as number;
  }
}

/** Texts or null that repeat, by position: each different one is kept once. */
export class TextColumn {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  #values = new Int32Array(64);

  set(at: number, text: string | null): void {
    this.#values = regrown(this.#values, at + 1);
    this.#values[at] = text === null ? -1 : this.numberOf(text);
  }

  get(at: number): string | null {
    const number = this.#values[at] as number;
    return number < 0 ? null : (this.#texts[number] as string);
  }

  /** Number of the text at a position: the same for equal texts, -1 for null. */
  number(at: number): number {
    return this.#values[at] as number;
  }

  /** The number of a text, given to it when it is new. */
  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

const asBytes = 0;
const asNull = 1;
const asText = 2;

/** SHA-256 digests as 32 bytes each, by position; null has no bytes, and other texts are kept beside. */
export class DigestColumn {
  #bytes = Buffer.alloc(64 * width);
  #kinds = new Uint8Array(64);
  readonly #others = new Map<number, string>();

  set(at: number, digest: string | null): void {
    this.#kinds = regrown(this.#kinds, at + 1);
    if (digest === null) {
      this.#kinds[at] = asNull;
      return;
    }
    if (!isSha256(digest)) {
      this.#kinds[at] = asText;
      this.#others.set(at, digest);
      return;
    }
    this.#kinds[at] = asBytes;
    this.#bytes = longEnough(this.#bytes, (at + 1) * width);
    this.#bytes.write(digest.slice(7), at * width, width, 'hex');
  }

  get(at: number): string | null {
    const kind = this.#kinds[at];
    if (kind === asBytes) return `sha256:${this.#bytes.toString('hex', at * width, (at + 1) * width)}`;
    return kind === asNull ? null : (this.#others.get(at) as string);
  }

  /** Equal for equal digests; 0 for null. */
  hash(at: number): number {
    const kind = this.#kinds[at];
    if (kind === asBytes) return this.#bytes.readInt32BE(at * width);
    return kind === asNull ? 0 : hashOf(this.#others.get(at) as string);
  }
}

function longEnough(bytes: Buffer<ArrayBuffer>, length: number): Buffer<ArrayBuffer> {
  if (bytes.length >= length) return bytes;
  return Buffer.from(bytes.buffer.transfer(Math.ceil(length * 1.25)));
}

/** What `DigestColumn.hash` says of a digest. */
export function hashOf(digest: string | null): number {
  if (digest === null) return 0;
  if (isSha256(digest)) return Number.parseInt(digest.slice(7, 15), 16) | 0;
  let hash = 0;
  for (let at = 0; at < digest.length; at++) hash = (Math.imul(hash, 31) + digest.charCodeAt(at)) | 0;
  return hash;
}

/** Ids of 32 hexadecimal digits as 16 bytes each, by position. */
export class UuidColumn {
  #bytes = Buffer.alloc(64 * 16);

  /** @throws RangeError for a text that is no such id */
  set(at: number, uuid: string): void {
    if (!idPattern.test(uuid)) throw new RangeError('an id of an image has 32 hexadecimal digits');
    this.#bytes = longEnough(this.#bytes, (at + 1) * 16);
    this.#bytes.write(uuid, at * 16, 16, 'hex');
  }

  get(at: number): string {
    return this.#bytes.toString('hex', at * 16, at * 16 + 16);
  }

  /** Finds positions by id: open addressing over the positions given, each with a number of its own. */
  lookup(positions: Int32Array): (uuid: string) => number | undefined {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, positions.length * 2)));
    const table = new Int32Array(size).fill(-1);
    for (let number = 0; number < positions.length; number++) {
      let at = this.#hash(this.#bytes, (positions[number] as number) * 16) & (size - 1);
      while (table[at] !== -1) at = (at + 1) & (size - 1);
      table[at] = number;
    }
    return (uuid) => {
      if (!idPattern.test(uuid)) return undefined;
      const wanted = Buffer.from(uuid, 'hex');
      let at = this.#hash(wanted, 0) & (size - 1);
      for (; table[at] !== -1; at = (at + 1) & (size - 1)) {
        const begin = (positions[table[at] as number] as number) * 16;
        if (this.#bytes.compare(wanted, 0, 16, begin, begin + 16) === 0) return table[at];
      }
      return undefined;
    };
  }

  #hash(bytes: Buffer, at: number): number {
    const mixed = Math.imul(bytes.readInt32LE(at) ^ bytes.readInt32LE(at + 12), 0x9e3779b1);
    return mixed ^ (mixed >>> 15);
  }
}
