import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { AdvisoryError } from '../errors.ts';
import { type FeedState, indexApplicationId, indexFormatVersion, indexSchema } from './schema.ts';

/** What an index file says of itself. */
export interface IndexInfo {
  readonly createdAt: string;
  readonly sequence: number;
  readonly feeds: readonly FeedState[];
}

/** What to do about an index that cannot be used. */
export const updateHint = 'Run `drydock db update --from URL|DIR` to build it anew.';

/**
 * Opens an index file for reading, whoever wrote it: only our tables are accepted, no triggers, views or virtual
 * tables, and nothing in the schema may call functions.
 * @throws AdvisoryError `index_invalid`
 */
export function openIndexDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    // Index files never change: without locks and looks for journals a look-up costs a quarter.
    const file = pathToFileURL(path);
    file.searchParams.set('immutable', '1');
    database = new DatabaseSync(file, { readOnly: true });
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 268435456');
    const { application_id: application } = database.prepare('PRAGMA application_id').get() ?? {};
    const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
    if (application !== indexApplicationId) throw new AdvisoryError('index_invalid', 'not an advisory index');
    if (version !== indexFormatVersion) {
      const message = `advisory index of format ${version}; this program reads ${indexFormatVersion}`;
      throw new AdvisoryError('index_invalid', message, { hint: updateHint });
    }
    const found = database.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
    const statements = found.map((row) => String(row.sql)).sort();
    if (statements.join('\n') !== [...indexSchema].sort().join('\n')) {
      throw new AdvisoryError('index_invalid', 'advisory index with foreign tables', { hint: updateHint });
    }
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof AdvisoryError) throw cause;
    throw new AdvisoryError('index_invalid', 'the advisory index cannot be opened', { cause, hint: updateHint });
  }
}

/** @throws AdvisoryError `index_invalid` */
export function readIndexInfo(database: DatabaseSync): IndexInfo {
  return intact(() => infoOf(database));
}

/** Runs something that reads an index. @throws AdvisoryError `index_invalid` where the file turns out to be damaged */
export function intact<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    if (code !== 'ERR_SQLITE_ERROR' && !(cause instanceof SyntaxError)) throw cause;
    throw new AdvisoryError('index_invalid', 'the advisory index is damaged', { cause, hint: updateHint });
  }
}

function infoOf(database: DatabaseSync): IndexInfo {
  const meta = new Map(
    database
      .prepare('SELECT * FROM meta')
      .all()
      .map((row) => [String(row.key), String(row.value)]),
  );
  const createdAt = meta.get('created_at');
  const sequence = Number(meta.get('sequence'));
  if (createdAt === undefined || !Number.isSafeInteger(sequence)) {
    throw new AdvisoryError('index_invalid', 'advisory index without date', { hint: updateHint });
  }
  const feeds = database.prepare('SELECT * FROM feed ORDER BY id').all();
  return {
    createdAt,
    sequence,
    feeds: feeds.map((row) => ({
      id: String(row.id),
      base: String(row.base),
      fingerprint: String(row.fingerprint),
      records: Number(row.records),
      bad: Number(row.bad),
      modified: row.modified === null ? null : String(row.modified),
      bulk: row.bulk === null ? null : String(row.bulk),
      importedAt: String(row.imported_at),
    })),
  };
}
