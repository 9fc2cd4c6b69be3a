/** What a splitter hands over. Positions are offsets into a buffer that is only valid during the call. */
export interface LineReceiver {
  line(data: Buffer, start: number, end: number): void;
  /** The begin of a line that is longer than allowed; the rest of it is passed over. */
  tooLong(begin: Buffer): void;
}

const newline = 0x0a;

/** Cuts a database file that comes in chunks into lines, within limits. Holds no more than the begin of one line. */
export class LineSplitter {
  readonly #limits: { readonly bytes: number; readonly lineBytes: number };
  readonly #to: LineReceiver;
  /** Begin of a line whose end is in a later chunk. */
  #rest: Buffer = Buffer.alloc(0);
  /** The rest of this line is passed over. */
  #skipping = false;
  #bytes = 0;
  #stopped = false;

  constructor(limits: { readonly bytes: number; readonly lineBytes: number }, to: LineReceiver) {
    this.#limits = limits;
    this.#to = to;
  }

  /** Whether the rest of the file is not read: it is over the limit of bytes, or its reader has had enough. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Reads nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  /** The next bytes of the file. */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.bytes) this.#stopped = true;
    if (this.#stopped) return;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (let stop = data.indexOf(newline, at); stop >= 0 && !this.#stopped; stop = data.indexOf(newline, at)) {
      if (this.#skipping) this.#skipping = false;
      else this.#to.line(data, at, stop);
      at = stop + 1;
    }
    this.#keep(data.subarray(at));
  }

  /** The file ends here; a missing last newline is forgiven. */
  end(): void {
    if (!this.#stopped && this.#rest.length > 0) this.#to.line(this.#rest, 0, this.#rest.length);
  }

  #keep(rest: Buffer): void {
    if (!this.#skipping && rest.length > this.#limits.lineBytes) {
      this.#to.tooLong(rest);
      this.#skipping = true;
    }
    this.#rest = this.#skipping ? Buffer.alloc(0) : Buffer.from(rest);
  }
}
