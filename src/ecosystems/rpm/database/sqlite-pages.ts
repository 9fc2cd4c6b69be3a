import type { FileBytes } from './file-bytes.ts';
import type { Problems } from './problems.ts';
import { readWal, type WalPages } from './sqlite-wal.ts';

const magic = Buffer.from('SQLite format 3\0', 'latin1');

/** Pages of a database file as its last commit left them. */
export interface SqlitePages {
  /** Highest page number. */
  readonly count: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
  /** Page 1 is the first. Undefined for pages that are not there. */
  page(number: number): Buffer | undefined;
}

/** Opens the pages of a database; undefined, with the problem told, for what is none. */
export function openSqlitePages(
  file: FileBytes,
  wal: FileBytes | undefined,
  problems: Problems,
): SqlitePages | undefined {
  const header = file.read(0, 100);
  if (header === undefined || !header.subarray(0, 16).equals(magic)) {
    problems.add(file.length < 100 ? 'it is cut off' : 'it is no SQLite database');
    return undefined;
  }
  const size = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const usable = size - (header[20] ?? 0);
  if (size < 512 || (size & (size - 1)) !== 0 || usable < 480) {
    problems.add('its page size is not valid');
    return undefined;
  }
  const log: WalPages | undefined = wal && readWal(wal, size, problems);
  const own = Math.ceil(file.length / size);
  const claimed = header.readUInt32BE(28);
  // The count in the header is current only where the two change counters agree.
  if (log === undefined && header.readUInt32BE(24) === header.readUInt32BE(92) && claimed > own) {
    problems.add('it is cut off');
  }
  return {
    // A log cannot name more pages than the two files have room for.
    count: log === undefined ? own : Math.min(log.pageCount, own + log.offsets.size),
    usable,
    page(number) {
      const offset = log?.offsets.get(number);
      return offset === undefined ? file.read((number - 1) * size, size) : wal?.read(offset, size);
    },
  };
}
