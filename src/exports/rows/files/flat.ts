import { ByteBuffer } from '../byte-buffer.ts';
import type { NumberedRow, RowEncoder } from '../row-encoder.ts';
import type { FilePart, OutputFile, RowFile } from './contract.ts';

const chunk = 1 << 20;
const checkpointBytes = 32 << 20;

/** A file that is rows behind a header and nothing else: CSV, JSON Lines. Can stop after any row. */
export class FlatFile implements RowFile {
  readonly room = Number.MAX_SAFE_INTEGER;
  readonly #name: string;
  readonly #out: OutputFile;
  readonly #encoder: RowEncoder;
  readonly #buffer = new ByteBuffer(2 * chunk);
  #position: number;
  #rows: number;
  #checkpointed: number;

  constructor(
    options: { readonly name: string; readonly header: string; readonly encoder: RowEncoder; readonly out: OutputFile },
    state: unknown,
  ) {
    const from = (state ?? { position: 0, rows: 0 }) as { readonly position: number; readonly rows: number };
    this.#name = options.name;
    this.#out = options.out;
    this.#encoder = options.encoder;
    this.#position = from.position;
    this.#checkpointed = from.position;
    this.#rows = from.rows;
    if (state === null) this.#buffer.appendText(options.header);
  }

  get checkpointDue(): boolean {
    return this.#position - this.#checkpointed >= checkpointBytes;
  }

  add(row: NumberedRow): void {
    this.#encoder.write(row, this.#buffer);
    this.#rows++;
  }

  async drain(): Promise<void> {
    if (this.#buffer.length >= chunk) await this.#flush();
  }

  async checkpoint(): Promise<unknown> {
    await this.#flush();
    this.#checkpointed = this.#position;
    return { position: this.#position, rows: this.#rows };
  }

  async finish(): Promise<{ readonly bytes: number; readonly parts: readonly FilePart[] }> {
    await this.#flush();
    const parts = [{ name: this.#name, rows: this.#rows, bytes: this.#position, sha256: null }];
    return { bytes: this.#position, parts };
  }

  async #flush(): Promise<void> {
    await this.#out.write(this.#buffer.view(), this.#position);
    this.#position += this.#buffer.length;
    this.#buffer.clear();
  }
}
