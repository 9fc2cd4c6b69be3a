import type pg from 'pg';

/** Rows are sent in pieces of about this size. */
const pieceBytes = 65_536;

/** The part of pg's connection that copying needs; pg's types leave it out. */
interface CopyConnection {
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * `COPY … FROM STDIN` with rows from memory, as a query that pg's client can run: several times faster than INSERT,
 * because neither side handles parameters.
 */
export class CopyRows implements pg.Submittable {
  readonly #sql: string;
  readonly #rows: readonly (readonly unknown[])[];
  readonly #done = Promise.withResolvers<number>();
  #error: Error | undefined;
  #count = 0;

  constructor(sql: string, rows: readonly (readonly unknown[])[]) {
    this.#sql = sql;
    this.#rows = rows;
  }

  /** Number of rows that were stored. */
  get done(): Promise<number> {
    return this.#done.promise;
  }

  submit(connection: pg.Connection): void {
    (connection as unknown as CopyConnection).query(this.#sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    let piece = '';
    for (const row of this.#rows) {
      piece += `${row.map(copyText).join('\t')}\n`;
      if (piece.length < pieceBytes) continue;
      connection.sendCopyFromChunk(Buffer.from(piece));
      piece = '';
    }
    if (piece !== '') connection.sendCopyFromChunk(Buffer.from(piece));
    connection.endCopyFrom();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#count = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0);
  }

  handleError(error: Error): void {
    this.#error ??= error;
    // The server says ReadyForQuery after an error of its own; after a lost connection nobody does.
    this.#done.reject(this.#error);
  }

  handleReadyForQuery(): void {
    this.#done.resolve(this.#count);
  }
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value in the text format of COPY (PostgreSQL manual, COPY, file formats). */
export function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (ArrayBuffer.isView(value)) {
    return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  }
  return String(value).replace(/[\\\n\r\t]/g, (character) => escapes[character] ?? character);
}
