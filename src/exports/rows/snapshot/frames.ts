/** Kinds of frames. A snapshot is `magic`, then frames of a kind (1 byte), a length (4 bytes, little endian), a payload. */
export const frameKinds = { image: 0, subject: 1, place: 2, rows: 3, end: 4 } as const;

/** First bytes of a snapshot; the last digit is its version. */
export const magic = Buffer.from('drydock-rows-1\n');

/** Bytes before a payload. */
export const frameHead = 5;

/** Most bytes of one payload; a larger length is damage. */
export const maxFrame = 64 << 20;

/** Appends signed integers below 2^52 in as few bytes as they need. */
export class IntegerWriter {
  #bytes = Buffer.allocUnsafe(64 << 10);
  #length = 0;

  write(value: number): void {
    if (this.#length + 10 > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = value < 0 ? -value * 2 - 1 : value * 2;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** What was written; starts anew. */
  take(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }
}

/** Reads what `IntegerWriter` wrote. */
export class IntegerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  read(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
      scale *= 128;
    }
  }
}
