import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What a test says of an installed package; the rest is made up. */
export interface TestRpm {
  readonly name: string;
  readonly version?: string;
  readonly release?: string;
  readonly epoch?: number;
  readonly arch?: string;
  readonly vendor?: string;
  readonly sourceRpm?: string;
  readonly module?: string;
  /** Absolute paths. */
  readonly files?: readonly string[];
  /** Digests of the files in their order, and their flags (1 configuration, 64 ghost; 0 unless given). */
  readonly digests?: readonly string[];
  readonly flags?: readonly number[];
}

const [int32, string, stringArray] = [4, 6, 8] as const;

/** The header of a package as rpm's databases hold it, without the signed region, which readers have to look past anyway. */
export function rpmHeader(rpm: TestRpm): Buffer {
  const header = new HeaderBuilder();
  header.text(1000, rpm.name);
  header.text(1001, rpm.version ?? '1.0');
  header.text(1002, rpm.release ?? '1.el9');
  if (rpm.epoch !== undefined) header.numbers(1003, [rpm.epoch]);
  header.text(1011, rpm.vendor ?? 'AlmaLinux');
  header.text(1022, rpm.arch ?? 'x86_64');
  header.text(1044, rpm.sourceRpm ?? `${rpm.name}-${rpm.version ?? '1.0'}-${rpm.release ?? '1.el9'}.src.rpm`);
  const files = rpm.files ?? [];
  const directories = [...new Set(files.map(directoryOf))];
  if (files.length > 0) {
    header.numbers(
      1116,
      files.map((file) => directories.indexOf(directoryOf(file))),
    );
    header.texts(
      1117,
      files.map((file) => file.slice(file.lastIndexOf('/') + 1)),
    );
    header.texts(1118, directories);
    if (rpm.digests !== undefined) header.texts(1035, rpm.digests);
    if (rpm.flags !== undefined) header.numbers(1037, rpm.flags);
  }
  if (rpm.module !== undefined) header.text(5096, rpm.module);
  return header.bytes();
}

function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

class HeaderBuilder {
  readonly #entries: Buffer[] = [];
  readonly #data: Buffer[] = [];
  #size = 0;

  text(tag: number, text: string): void {
    this.#add(tag, string, 1, Buffer.from(`${text}\0`));
  }

  texts(tag: number, texts: readonly string[]): void {
    this.#add(tag, stringArray, texts.length, Buffer.from(`${texts.join('\0')}\0`));
  }

  numbers(tag: number, numbers: readonly number[]): void {
    const bytes = Buffer.alloc(numbers.length * 4);
    for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, index * 4);
    this.#add(tag, int32, numbers.length, bytes);
  }

  bytes(): Buffer {
    const counts = Buffer.alloc(8);
    counts.writeUInt32BE(this.#entries.length, 0);
    counts.writeUInt32BE(this.#size, 4);
    return Buffer.concat([counts, ...this.#entries, ...this.#data]);
  }

  #add(tag: number, type: number, count: number, data: Buffer): void {
    const entry = Buffer.alloc(16);
    for (const [index, value] of [tag, type, this.#size, count].entries()) entry.writeUInt32BE(value, index * 4);
    this.#entries.push(entry);
    this.#data.push(data);
    this.#size += data.length;
  }
}

/** A database that SQLite itself wrote, with what is still in its write-ahead log. */
export interface SqliteFiles {
  readonly database: Buffer;
  readonly log: Buffer;
}

/**
 * rpm's SQLite database of some headers.
 * @param options `logged` headers are committed to the log only; `sql` runs before anything else
 */
export function rpmSqlite(
  headers: readonly Buffer[],
  options: { logged?: readonly Buffer[]; pageSize?: number; sql?: string } = {},
): SqliteFiles {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-sqlite-'));
  try {
    const path = join(directory, 'rpmdb.sqlite');
    const database = new DatabaseSync(path);
    database.exec(
      `PRAGMA page_size = ${options.pageSize ?? 4096}; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${options.sql ?? ''}`,
    );
    database.exec(
      'CREATE TABLE IF NOT EXISTS Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);' +
        'CREATE TABLE IF NOT EXISTS Name (key TEXT NOT NULL, hnum INTEGER NOT NULL);',
    );
    const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
    const insertAll = (blobs: readonly Buffer[]): void => {
      database.exec('BEGIN');
      for (const blob of blobs) insert.run(blob);
      database.exec('COMMIT');
    };
    insertAll(headers);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0;');
    if (options.logged !== undefined) insertAll(options.logged);
    const files = { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
    database.close();
    return files;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** rpm's native database of some headers: one page of slots, then the blobs. Real ones are read in test/integration. */
export function rpmNdb(headers: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  slots.writeUInt32LE(headers.length + 1, 16);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  const blobs: Buffer[] = [];
  let block = slots.length / 16;
  for (const [index, header] of headers.entries()) {
    const blocks = Math.ceil((header.length + 28) / 16);
    for (const [field, value] of [index + 1, block, blocks].entries()) {
      slots.writeUInt32LE(value, 32 + index * 16 + 4 + field * 4);
    }
    const blob = Buffer.alloc(blocks * 16);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(index + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    blob.write('BlbE', blob.length - 4, 'latin1');
    blobs.push(blob);
    block += blocks;
  }
  return Buffer.concat([slots, ...blobs]);
}
