import { LineSplitter } from '../line-splitter.ts';

/** Limits of one package database (scanning.md §1.8). */
export interface ControlLimits {
  readonly bytes: number;
  readonly records: number;
  /** Bytes of one field with its continuation lines. */
  readonly fieldBytes: number;
}

/** What any image may have; real databases stay far below. */
export const controlLimits: ControlLimits = {
  bytes: 512 * 1024 * 1024,
  records: 200_000,
  fieldBytes: 1024 * 1024,
};

/** The wanted fields of one stanza by name in lower case; the first of two fields of a name counts. */
export interface ControlRecord {
  readonly fields: ReadonlyMap<string, string>;
  /** A wanted field was longer than allowed; its value is missing. */
  readonly oversized: boolean;
}

/** What was left out of a control file. */
export interface ControlProblems {
  /** Over the limit of bytes or records: the rest was not read. */
  readonly truncated: boolean;
  /** Lines that are neither field, continuation nor blank. */
  readonly malformed: number;
}

const colon = 0x3a;
const space = 0x20;
const tab = 0x09;
/** Longer names are no field names. */
const maxFieldName = 128;

/**
 * Reads chosen fields of a control file (Debian Policy §5.1) chunk by chunk. Everything else is passed over, so
 * memory does not depend on the size of the file. Where every byte matters, see `fix/stanza.ts`.
 */
export class ControlReader {
  readonly #wanted: ReadonlySet<string>;
  readonly #take: (record: ControlRecord) => void;
  readonly #limits: ControlLimits;
  #fields = new Map<string, string>();
  /** Whether the stanza has any field, wanted or not. */
  #open = false;
  #oversized = false;
  /** The wanted field whose continuation lines belong to it. */
  #current: string | undefined;
  #currentBytes = 0;
  #records = 0;
  #malformed = 0;
  readonly #lines: LineSplitter;

  constructor(wanted: Iterable<string>, take: (record: ControlRecord) => void, limits: ControlLimits = controlLimits) {
    this.#wanted = new Set(wanted);
    this.#take = take;
    this.#limits = limits;
    this.#lines = new LineSplitter(
      { bytes: limits.bytes, lineBytes: limits.fieldBytes },
      {
        line: (data, start, end) => this.#line(data, start, end),
        // As much as there is of it: the field is then known to be too long.
        tooLong: (begin) => this.#line(begin, 0, begin.length),
      },
    );
  }

  /** The next bytes of the file. */
  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  /** The file ends here. */
  finish(): ControlProblems {
    this.#lines.end();
    if (!this.#lines.stopped) this.#close();
    return { truncated: this.#lines.stopped, malformed: this.#malformed };
  }

  #line(data: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && isBlank(data[at])) at++;
    if (at === end) this.#close();
    else if (at > start) this.#continuation(data, start, end);
    else this.#field(data, start, end);
  }

  #field(data: Buffer, start: number, end: number): void {
    // Bounded by hand: a search would run through the whole chunk for every line without a colon.
    const limit = Math.min(end, start + maxFieldName);
    let at = start;
    while (at < limit && data[at] !== colon) at++;
    if (at === start || data[at] !== colon || at >= limit) {
      this.#malformed++;
      this.#current = undefined;
      return;
    }
    this.#open = true;
    const name = data.toString('latin1', start, at).toLowerCase();
    this.#current = this.#wanted.has(name) && !this.#fields.has(name) ? name : undefined;
    this.#currentBytes = 0;
    if (this.#current !== undefined) this.#append(data.toString('utf8', at + 1, end).trim(), end - at);
  }

  #continuation(data: Buffer, start: number, end: number): void {
    if (!this.#open) this.#malformed++;
    else if (this.#current !== undefined) this.#append(`\n${data.toString('utf8', start, end)}`, end - start);
  }

  #append(text: string, bytes: number): void {
    const name = this.#current ?? '';
    this.#currentBytes += bytes;
    if (this.#currentBytes > this.#limits.fieldBytes) {
      this.#oversized = true;
      this.#current = undefined;
      this.#fields.set(name, '');
    } else this.#fields.set(name, (this.#fields.get(name) ?? '') + text);
  }

  #close(): void {
    if (!this.#open) return;
    if (++this.#records > this.#limits.records) this.#lines.stop();
    else this.#take({ fields: this.#fields, oversized: this.#oversized });
    this.#fields = new Map();
    this.#open = false;
    this.#oversized = false;
    this.#current = undefined;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab || byte === 0x0d;
}
