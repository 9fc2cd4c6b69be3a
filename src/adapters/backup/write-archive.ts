import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Kysely } from 'kysely';
import { ZipFile } from 'yazl';
import type { Db, Tables } from '../sql/index.ts';
import { type StoredTable, storedTables } from './catalogue.ts';
import { encodeManifest, type Manifest, type ManifestTable, type Passphrase, sealKey } from './manifest.ts';
import { encodeRow } from './rows.ts';

/** What an archive is made of besides the store. */
export interface ArchiveInput {
  readonly db: Db;
  readonly version: string;
  readonly createdAt: Date;
  /** With a passphrase the master key goes along, sealed; without, it stays out. */
  readonly key: { readonly bytes: Uint8Array; readonly passphrase: Passphrase } | undefined;
  readonly signal: AbortSignal;
}

/** Lines are gathered to pieces of this size: single rows would make compression slow. */
const pieceBytes = 256 * 1024;

/**
 * Writes the whole store as it is at one moment, while others go on writing. The file appears whole or not at all.
 * @throws errors of the store and the file system
 */
export async function writeArchive(file: string, input: ArchiveInput): Promise<{ manifest: Manifest; bytes: number }> {
  const draft = `${file}.part`;
  try {
    const manifest = await input.db.snapshot(async (trx) => writeZip(draft, input, trx, await storedTables(input.db)));
    await rename(draft, file);
    return { manifest, bytes: (await stat(file)).size };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeZip(
  draft: string,
  input: ArchiveInput,
  trx: Kysely<Tables>,
  tables: readonly StoredTable[],
): Promise<Manifest> {
  const zip = new ZipFile();
  const finished = pipeline(zip.outputStream as Readable, createWriteStream(draft, { mode: 0o600 }), {
    signal: input.signal,
  });
  const written: ManifestTable[] = [];
  const schema = await trx
    .selectFrom('schema_version')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  const manifest = (): Manifest => ({
    format: 1,
    createdAt: input.createdAt.toISOString(),
    version: input.version,
    schema: Number(schema.n),
    engine: input.db.dialect,
    tables: written,
    key: input.key === undefined ? null : sealKey(input.key.bytes, input.key.passphrase),
  });
  const add = async (): Promise<void> => {
    for (const [index, table] of tables.entries()) {
      const entry = `tables/${String(index + 1).padStart(3, '0')}-${table.name}.jsonl`;
      const content = new TableContent(trx, table);
      const stream = Readable.from(content.pieces(), { objectMode: false });
      const done = new Promise<void>((resolve, reject) => stream.once('end', resolve).once('error', reject));
      zip.addReadStream(stream, entry, { mtime: input.createdAt, mode: 0o100600 });
      await done;
      written.push({ name: table.name, columns: [...table.columns], entry, ...content.sum() });
    }
    const bytes = Buffer.from(encodeManifest(manifest(), input.key?.passphrase));
    zip.addBuffer(bytes, 'manifest.json', { mtime: input.createdAt, mode: 0o100600 });
    zip.end();
  };
  await Promise.all([finished, add()]);
  return manifest();
}

/** The rows of one table as text, counted and hashed on the way. */
class TableContent {
  readonly #trx: Kysely<Tables>;
  readonly #table: StoredTable;
  readonly #hash = createHash('sha256');
  #rows = 0;

  constructor(trx: Kysely<Tables>, table: StoredTable) {
    this.#trx = trx;
    this.#table = table;
  }

  async *pieces(): AsyncGenerator<Buffer> {
    const { name, columns } = this.#table;
    const dynamic = this.#trx.dynamic;
    const query = this.#trx
      .selectFrom(dynamic.table<never>(name as never).as('t'))
      .select(columns.map((column) => dynamic.ref(`t.${column}`)));
    // Rows that refer to others of their table come after them.
    const ordered = columns.includes('id') ? query.orderBy(dynamic.ref<never>('t.id')) : query;
    let lines = '';
    for await (const row of ordered.stream(1000)) {
      lines += encodeRow(columns.map((column) => (row as Record<string, unknown>)[column]));
      this.#rows++;
      if (lines.length < pieceBytes) continue;
      yield this.#hashed(lines);
      lines = '';
    }
    yield this.#hashed(lines);
  }

  sum(): { rows: number; sha256: string } {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }

  #hashed(lines: string): Buffer {
    const bytes = Buffer.from(lines);
    this.#hash.update(bytes);
    return bytes;
  }
}
