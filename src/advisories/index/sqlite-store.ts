import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { AdvisorySnapshot } from '../contract.ts';
import { AdvisoryError } from '../errors.ts';
import type { EpssScore, FactStore, PackageFact, RecordFacts, VersionRange } from '../facts.ts';
import { decodeSeverities } from '../match/stated-severity.ts';
import { type FeedState, indexApplicationId, indexFormatVersion, indexSchema } from './schema.ts';

/** What an index file says of itself. */
export interface IndexInfo {
  readonly createdAt: string;
  readonly sequence: number;
  readonly feeds: readonly FeedState[];
}

const updateHint = 'Run `drydock db update --from URL|DIR` to build it anew.';

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

type Row = readonly (string | number | null)[];

const none: readonly never[] = [];

/** Facts of an index file. Records are kept once read; facts are read anew each time. */
export class SqliteFactStore implements FactStore {
  readonly snapshot: AdvisorySnapshot;
  readonly #database: DatabaseSync;
  readonly #select: Record<'facts' | 'record' | 'byId' | 'byAlias' | 'epss', StatementSync>;
  readonly #covered: ReadonlySet<string>;
  readonly #exploited: ReadonlySet<string>;
  readonly #records = new Map<number, RecordFacts>();

  /** @throws AdvisoryError `index_invalid` */
  constructor(path: string, identity: Pick<AdvisorySnapshot, 'id' | 'origin'>) {
    this.#database = openIndexDatabase(path);
    const info = readIndexInfo(this.#database);
    const sources = info.feeds.map(({ id, records, modified, bulk }) => ({ id, records, modified, bulk }));
    this.snapshot = { ...identity, createdAt: info.createdAt, sources };
    this.#covered = new Set(
      this.#database
        .prepare('SELECT ecosystem FROM coverage')
        .all()
        .map((row) => String(row.ecosystem)),
    );
    this.#exploited = new Set(
      this.#database
        .prepare('SELECT cve FROM kev')
        .all()
        .map((row) => String(row.cve)),
    );
    const record = 'id, aliases, linked, severities, word, title, linked_elsewhere';
    this.#select = {
      facts: this.#rows(`SELECT number, fixed, ranges, versions, urgency, severities FROM fact
        WHERE key = (SELECT key FROM package WHERE ecosystem = ? AND name = ?)`),
      record: this.#rows(`SELECT ${record} FROM record WHERE number = ?`),
      // Two simple look-ups cost a third of one with UNION.
      byId: this.#rows(`SELECT ${record} FROM record WHERE id = ? AND withdrawn = 0 ORDER BY feed`),
      byAlias: this.#rows(`SELECT ${record} FROM alias JOIN record USING (number) WHERE alias = ? ORDER BY number`),
      epss: this.#rows('SELECT cve, score, percentile FROM epss WHERE cve IN (SELECT value FROM json_each(?))'),
    };
  }

  covers(ecosystem: string): boolean {
    return this.#covered.has(ecosystem);
  }

  facts(ecosystem: string, name: string): readonly PackageFact[] {
    const rows = this.#select.facts.all(ecosystem, name) as unknown as Row[];
    // Facts of one upload share their fix, so that the matcher compares each fix once.
    const ranges = new Map<string, readonly VersionRange[]>();
    return rows.map((row) => factOf(row, ranges));
  }

  record(number: number): RecordFacts {
    const known = this.#records.get(number);
    if (known !== undefined) return known;
    const row = this.#select.record.get(number) as unknown as Row | undefined;
    if (row === undefined) throw new AdvisoryError('index_invalid', 'damaged advisory index', { hint: updateHint });
    const facts = recordOf(row);
    this.#records.set(number, facts);
    return facts;
  }

  recordsOf(id: string): readonly RecordFacts[] {
    const rows = [...this.#select.byId.all(id), ...this.#select.byAlias.all(id)] as unknown as Row[];
    return rows.map(recordOf);
  }

  exploited(cve: string): boolean {
    return this.#exploited.has(cve);
  }

  epss(cves: readonly string[]): ReadonlyMap<string, EpssScore> {
    const rows = this.#select.epss.all(JSON.stringify(cves)) as unknown as [string, number, number][];
    return new Map(rows.map(([cve, score, percentile]) => [cve, { score, percentile }]));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #rows(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

function factOf(row: Row, known: Map<string, readonly VersionRange[]>): PackageFact {
  const [record, fixed, ranges, versions, urgency, severities] = row;
  return {
    record: record as number,
    ranges: rangesOf(fixed as string | null, ranges as string | null, known),
    versions: split(versions, '\n'),
    urgency: urgency as string | null,
    severities: decodeSeverities((severities ?? '') as string),
  };
}

function rangesOf(
  fixed: string | null,
  ranges: string | null,
  known: Map<string, readonly VersionRange[]>,
): readonly VersionRange[] {
  if (fixed === null && ranges === null) return none;
  const key = fixed ?? ranges ?? '';
  let parsed = known.get(key);
  if (parsed === undefined) {
    parsed = fixed === null ? (JSON.parse(key) as VersionRange[]) : [rangeBelow(fixed)];
    known.set(key, parsed);
  }
  return parsed;
}

function rangeBelow(fixed: string): VersionRange {
  return [
    ['introduced', '0'],
    ['fixed', fixed],
  ];
}

function recordOf(row: Row): RecordFacts {
  const [id, aliases, linked, severities, word, title, elsewhere] = row;
  return {
    id: id as string,
    aliases: split(aliases, ' '),
    linked: split(linked, ' '),
    severities: decodeSeverities(severities as string),
    word: word as string | null,
    title: title as string | null,
    linkedElsewhere: elsewhere === 1,
  };
}

function split(value: string | number | null | undefined, separator: string): readonly string[] {
  return typeof value === 'string' && value !== '' ? value.split(separator) : none;
}
