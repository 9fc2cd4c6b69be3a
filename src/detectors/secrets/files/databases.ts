import type { FileRule, Found } from '../contract.ts';

const sqliteMagic = Buffer.from('SQLite format 3\0', 'latin1');
/** The schema stands on the first pages. */
const maxSchema = 256 * 1024;
const credentialColumn =
  /CREATE TABLE [^\0]{0,2000}?\W(?<value>password|passwd|password_hash|passphrase|api_?key|access_?token|secret|private_?key)\W/gi;

/** Whether a header is one of SQLite 3 (sqlite.org, "Database File Format", 1.3). */
function isSqlite(bytes: Buffer): boolean {
  if (bytes.length < 100) return false;
  const pageSize = bytes.readUInt16BE(16);
  const isPower = pageSize === 1 || (pageSize >= 512 && (pageSize & (pageSize - 1)) === 0);
  return isPower && [1, 2].includes(bytes[18] ?? 0) && bytes[21] === 64 && bytes[22] === 32 && bytes[23] === 32;
}

function* sqlite({ bytes }: { readonly bytes: Buffer }): Generator<Found> {
  if (!isSqlite(bytes)) return;
  const schema = bytes.subarray(0, maxSchema).toString('latin1');
  for (const match of schema.matchAll(credentialColumn)) {
    const start = match.index;
    yield { start, end: start + match[0].length, label: 'table with a column for credentials', hideValue: true };
    return;
  }
}

/** Signatures of SQL Server Compact at offset 16, versions 2.0, 3.0, 3.5 and 4.0. */
const compactVersions = new Set([0x73616261, 0x002dd714, 0x00357b9d, 0x003d0900]);

/** Databases that are files. */
export const databaseFiles: readonly FileRule[] = [
  {
    ...{ id: 'sqlite', key: 'sqlite', level: 'low', content: 'bytes' },
    ...{ magic: [{ offset: 0, bytes: sqliteMagic }], read: sqlite },
  },
  {
    ...{ id: 'microsoft_mdf', key: 'microsoft_mdf', level: 'low', content: 'bytes', extensions: ['.mdf'] },
    *read({ bytes }): Generator<Found> {
      // The first page is the header of the file: version 1, type 15.
      if (bytes[0] === 1 && bytes[1] === 15)
        yield { start: 0, end: 96, label: 'header of a database file', hideValue: true };
    },
  },
  {
    ...{ id: 'microsoft_sdf', key: 'microsoft_sdf', level: 'low', content: 'bytes', extensions: ['.sdf'] },
    *read({ bytes }): Generator<Found> {
      if (bytes.length < 20 || !compactVersions.has(bytes.readUInt32LE(16))) return;
      yield { start: 0, end: 20, label: 'header of a database file', hideValue: true };
    },
  },
];
