import { ByteBuffer } from '../byte-buffer.ts';
import type { NumberedRow, RowEncoder } from '../row-encoder.ts';
import type { FilePart, OutputFile, RowFile } from './contract.ts';
import { type ZipEntry, ZipWriter } from './zip.ts';

const chunk = 1 << 20;

/** How rows are laid out in an archive. */
export interface ArchiveLayout {
  /** Rows of a part, at most; the next part follows. */
  readonly maxRows: number;
  /** Uncompressed bytes after which a part ends. */
  readonly maxBytes: number;
  partName(number: number): string;
  /** Before and after the rows of every part. */
  readonly start: string;
  readonly end: string;
  /** Entries behind the parts. */
  trailer(parts: readonly FilePart[]): readonly (readonly [name: string, content: string])[];
}

interface ArchiveState {
  readonly position: number;
  readonly entries: readonly ZipEntry[];
  readonly rows: readonly number[];
}

/** A ZIP archive of parts. Can stop between two parts. */
export class ArchiveFile implements RowFile {
  readonly #layout: ArchiveLayout;
  readonly #encoder: RowEncoder;
  readonly #zip: ZipWriter;
  readonly #buffer = new ByteBuffer(2 * chunk);
  /** Rows of the parts that are done. */
  readonly #done: number[];
  #rows = 0;
  #bytes = 0;
  #between = true;
  #due = false;

  constructor(
    options: { readonly layout: ArchiveLayout; readonly encoder: RowEncoder; readonly out: OutputFile },
    state: unknown,
  ) {
    const from = (state ?? { position: 0, entries: [], rows: [] }) as ArchiveState;
    this.#layout = options.layout;
    this.#encoder = options.encoder;
    this.#zip = new ZipWriter(options.out, from);
    this.#done = [...from.rows];
  }

  get room(): number {
    return this.#between ? this.#layout.maxRows : this.#layout.maxRows - this.#rows;
  }

  get checkpointDue(): boolean {
    return this.#due;
  }

  add(row: NumberedRow): void {
    if (this.#between) this.#begin();
    this.#encoder.write(row, this.#buffer);
    this.#rows++;
  }

  async drain(): Promise<void> {
    if (this.#buffer.length >= chunk) await this.#flush();
    if (!this.#between && (this.#rows >= this.#layout.maxRows || this.#bytes >= this.#layout.maxBytes)) {
      await this.#end();
      this.#due = true;
    }
  }

  async checkpoint(): Promise<unknown> {
    this.#due = false;
    return { position: this.#zip.position, entries: this.#zip.entries, rows: this.#done } satisfies ArchiveState;
  }

  async finish(): Promise<{ readonly bytes: number; readonly parts: readonly FilePart[] }> {
    if (this.#between && this.#done.length === 0) this.#begin();
    if (!this.#between) await this.#end();
    const parts = this.#done.map((rows, index): FilePart => {
      const entry = this.#zip.entries[index];
      return { name: entry?.name ?? '', rows, bytes: entry?.bytes ?? 0, sha256: entry?.sha256 ?? null };
    });
    for (const [name, content] of this.#layout.trailer(parts)) {
      this.#zip.begin(name);
      await this.#zip.write(Buffer.from(content));
      await this.#zip.end();
    }
    return { bytes: await this.#zip.finish(), parts };
  }

  #begin(): void {
    this.#between = false;
    this.#rows = 0;
    this.#bytes = 0;
    this.#zip.begin(this.#layout.partName(this.#done.length + 1));
    this.#buffer.appendText(this.#layout.start);
  }

  async #end(): Promise<void> {
    this.#buffer.appendText(this.#layout.end);
    await this.#flush();
    await this.#zip.end();
    this.#done.push(this.#rows);
    this.#between = true;
  }

  async #flush(): Promise<void> {
    this.#bytes += this.#buffer.length;
    await this.#zip.write(this.#buffer.view());
    this.#buffer.clear();
  }
}
