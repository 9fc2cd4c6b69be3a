import type { ExportRow } from './contract.ts';
import { ExportError } from './errors.ts';
import type { FilePart, OutputFile } from './files/contract.ts';
import { type FileOptions, openRowFile } from './files/open.ts';
import type { NumberedRow } from './row-encoder.ts';
import { blocksByImage } from './snapshot/by-image.ts';
import type { ByteSource, SnapshotPosition } from './snapshot/contract.ts';
import { type PinnedBlock, SnapshotReader } from './snapshot/read.ts';

/** From where a killed production continues; JSON. */
export interface ProductionCheckpoint {
  readonly rows: number;
  readonly snapshot: SnapshotPosition;
  readonly file: unknown;
}

/** One file to be produced from pinned rows. */
export interface Production {
  readonly snapshot: ByteSource;
  readonly out: OutputFile;
  readonly file: FileOptions;
  /** By image, vulnerability, package and path; null = as pinned. */
  readonly byImage: 'ascending' | 'descending' | null;
  /** Rows that were promised. */
  readonly rows: number;
  readonly from: ProductionCheckpoint | null;
  readonly signal: AbortSignal;
  /** Everything before the checkpoint is durable when this is called. */
  checkpoint(state: ProductionCheckpoint): Promise<void>;
  progress(rows: number): void;
}

const drainRows = 512;

/**
 * Writes the file of an export with constant memory. Continued from any of its checkpoints it gives the same bytes.
 * @throws ExportError `rows_mismatch` when the rows written are not those promised
 */
export async function produce(
  job: Production,
): Promise<{ readonly bytes: number; readonly parts: readonly FilePart[] }> {
  const { from } = job;
  const file = openRowFile(job.file, job.out, from?.file ?? null);
  const reader = new SnapshotReader(job.snapshot);
  let rows = from?.rows ?? 0;
  const position = from?.snapshot ?? null;
  const blocks =
    job.byImage === null ? reader.blocks(position) : blocksByImage(reader, position, job.byImage === 'descending');
  for (const block of blocks) {
    job.signal.throwIfAborted();
    const cursor = new Cursor(reader, block);
    let next = from?.snapshot.offset === block.offset ? from.snapshot.skip : 0;
    while (next < block.count) {
      const end = Math.min(block.count, next + Math.min(drainRows, file.room));
      rows += end - next;
      for (; next < end; next++) file.add(cursor.at(next));
      await file.drain();
      if (!file.checkpointDue) continue;
      const state = await file.checkpoint();
      await job.out.sync();
      await job.checkpoint({ rows, snapshot: { offset: block.offset, skip: next }, file: state });
    }
    job.progress(rows);
  }
  if (rows !== job.rows) {
    throw new ExportError('rows_mismatch', `The file has ${rows} rows where ${job.rows} were promised`);
  }
  const result = await file.finish();
  await job.out.sync();
  return result;
}

/** One row of a block at a time, without an object per row. */
class Cursor implements NumberedRow {
  readonly #reader: SnapshotReader;
  readonly #block: PinnedBlock;
  #row = 0;

  constructor(reader: SnapshotReader, block: PinnedBlock) {
    this.#reader = reader;
    this.#block = block;
  }

  at(row: number): this {
    this.#row = row;
    return this;
  }

  get image(): number {
    return this.#block.image[this.#row] ?? -1;
  }

  get subject(): number {
    return this.#block.subject[this.#row] ?? -1;
  }

  get place(): number {
    return this.#block.place[this.#row] ?? -1;
  }

  get firstSeen(): number | null {
    const at = this.#block.firstSeen[this.#row] ?? -1;
    return at < 0 ? null : at;
  }

  /** Reads only what is asked for, and that once: most cells of a row are rendered already. */
  resolve(): ExportRow {
    return new LazyRow(this.#reader, this);
  }
}

class LazyRow implements ExportRow {
  readonly firstSeen: number | null;
  readonly #reader: SnapshotReader;
  readonly #numbers: { readonly image: number; readonly subject: number; readonly place: number };
  #image: ExportRow['image'] | undefined;
  #subject: ExportRow['subject'] | undefined;
  #place: ExportRow['place'] | undefined;

  constructor(reader: SnapshotReader, { image, subject, place, firstSeen }: NumberedRow) {
    this.#reader = reader;
    this.#numbers = { image, subject, place };
    this.firstSeen = firstSeen;
  }

  get image(): ExportRow['image'] {
    const { image } = this.#numbers;
    this.#image ??= image < 0 ? null : this.#reader.image(image);
    return this.#image;
  }

  get subject(): ExportRow['subject'] {
    const { subject } = this.#numbers;
    this.#subject ??= subject < 0 ? null : this.#reader.subject(subject);
    return this.#subject;
  }

  get place(): ExportRow['place'] {
    const { place } = this.#numbers;
    this.#place ??= place < 0 ? null : this.#reader.place(place);
    return this.#place;
  }
}
