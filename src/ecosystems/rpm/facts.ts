import type { FileContent, FileEntry, LayerVisitor } from '../../image/index.ts';
import { bdbBlobs } from './database/bdb.ts';
import { FileBytes } from './database/file-bytes.ts';
import { parseHeader } from './database/header.ts';
import { parseManifestLine } from './database/manifest.ts';
import { ndbBlobs } from './database/ndb.ts';
import { Problems } from './database/problems.ts';
import type { RpmRecord } from './database/record.ts';
import { sqliteBlobs } from './database/sqlite.ts';

/** One version of a package database file, as one layer has it. */
export interface RpmDatabase {
  /** As spelled in the layer. */
  readonly path: string;
  readonly records: readonly RpmRecord[];
  /** Why records may be missing; each completes "package database x: …". */
  readonly problems: readonly string[];
  /** Changes of the write-ahead log beside it are part of the records. */
  readonly withLog?: true;
}

export interface RpmFacts {
  readonly files: readonly RpmDatabase[];
}

/** Limits of the databases of one layer. */
export const rpmLimits = {
  /** Bytes of all database files of a layer together: they are held for random access. */
  databaseBytes: 512 * 1024 * 1024,
  records: 200_000,
  /** Characters of file lists that are kept. */
  fileListCharacters: 64 * 1024 * 1024,
  /** Files that could be databases; a system has one. */
  databaseFiles: 64,
};

/** What the last two names of a path tell about a file's format; links may lead to any directory of the right name. */
const formats: readonly (readonly [ending: string, format: Format])[] = [
  ['rpm/rpmdb.sqlite', 'sqlite'],
  ['rpm/rpmdb.sqlite-wal', 'log'],
  ['rpm/Packages.db', 'ndb'],
  ['rpm/Packages', 'bdb'],
  ['rpmmanifest/container-manifest-1', 'manifest'],
  ['rpmmanifest/container-manifest-2', 'manifest'],
];

type Format = 'sqlite' | 'log' | 'ndb' | 'bdb' | 'manifest';

function formatOf(path: string): Format | undefined {
  for (const [ending, format] of formats) if (path.endsWith(ending)) return format;
  return undefined;
}

/** Reads every database file of one layer. */
export function rpmVisitor(): LayerVisitor<RpmFacts> {
  const layer = new DatabasesOfLayer();
  return {
    id: 'rpm',
    version: 2,
    wants(entry: FileEntry) {
      if (entry.type !== 'file' || entry.size === 0 || formatOf(entry.path) === undefined) return 'skip';
      return layer.count < rpmLimits.databaseFiles ? 'stream' : 'skip';
    },
    async file(entry: FileEntry, content: FileContent) {
      await layer.add(entry.path, content);
    },
    finish: () => ({ files: layer.finish() }),
  };
}

class DatabasesOfLayer {
  count = 0;
  #room = rpmLimits.databaseBytes;
  #characters = rpmLimits.fileListCharacters;
  readonly #done = new Map<string, RpmDatabase>();
  /** SQLite files wait for their write-ahead logs, which may stand anywhere in the layer. */
  readonly #waiting = new Map<string, FileBytes | 'too large'>();

  async add(path: string, content: FileContent): Promise<void> {
    this.count++;
    const format = formatOf(path);
    const bytes = await this.#hold(content);
    if (format === 'sqlite' || format === 'log') this.#waiting.set(path, bytes);
    else this.#done.set(path, this.#read(path, bytes, format ?? 'bdb'));
    // Only what waits is held any longer.
    if (format !== 'sqlite' && format !== 'log' && bytes !== 'too large') this.#room += bytes.length;
  }

  finish(): RpmDatabase[] {
    for (const [path, bytes] of this.#waiting) {
      if (formatOf(path) === 'sqlite') {
        this.#done.set(path, this.#read(path, bytes, 'sqlite', this.#waiting.get(`${path}-wal`)));
      }
    }
    this.#waiting.clear();
    return [...this.#done.values()];
  }

  async #hold(content: FileContent): Promise<FileBytes | 'too large'> {
    const bytes = new FileBytes();
    let fits = true;
    const add = (chunk: Uint8Array): void => {
      fits &&= chunk.length <= this.#room;
      if (!fits) return;
      bytes.append(chunk);
      this.#room -= chunk.length;
    };
    if (content.kind === 'bytes') add(content.bytes);
    else for await (const chunk of content.chunks) add(chunk);
    if (fits) return bytes;
    this.#room += bytes.length;
    return 'too large';
  }

  #read(path: string, bytes: FileBytes | 'too large', format: Format, log?: FileBytes | 'too large'): RpmDatabase {
    const problems = new Problems();
    if (bytes === 'too large' || log === 'too large') {
      return { path, records: [], problems: ['it is over the limits and was not read'] };
    }
    const records: RpmRecord[] = [];
    for (const record of recordsOf(bytes, format, log, problems)) {
      if (records.length >= rpmLimits.records) {
        problems.add('it is over the limits; the rest was not read');
        break;
      }
      records.push(this.#withinFileLists(record, problems));
    }
    return { path, records, problems: problems.list(), ...(log !== undefined && { withLog: true }) };
  }

  #withinFileLists(record: RpmRecord, problems: Problems): RpmRecord {
    const { programs = [], ...rest } = record;
    const size = [...record.files, ...programs].reduce((sum, text) => sum + text.length, 0);
    if (size > this.#characters) {
      problems.add('its lists of files are over the limits; files of these packages were not attributed');
      return { ...rest, files: [] };
    }
    this.#characters -= size;
    return record;
  }
}

function* recordsOf(
  bytes: FileBytes,
  format: Format,
  log: FileBytes | undefined,
  problems: Problems,
): Generator<RpmRecord> {
  if (format === 'manifest') {
    yield* manifestRecords(bytes, problems);
    return;
  }
  const blobs =
    format === 'sqlite'
      ? sqliteBlobs(bytes, log, problems)
      : format === 'ndb'
        ? ndbBlobs(bytes, problems)
        : bdbBlobs(bytes, problems);
  for (const blob of blobs) {
    const record = parseHeader(blob);
    if (record === undefined) problems.add('it has damaged package headers');
    else yield record;
  }
}

const maxManifestBytes = 64 * 1024 * 1024;

function* manifestRecords(bytes: FileBytes, problems: Problems): Generator<RpmRecord> {
  if (bytes.length > maxManifestBytes) return problems.add('it is over the limits and was not read');
  const text = bytes.read(0, bytes.length)?.toString('utf8') ?? '';
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(from, end).trim();
    from = end + 1;
    if (line === '') continue;
    const record = parseManifestLine(line);
    if (record === undefined) problems.add('it has lines that are no packages');
    else yield record;
  }
}
