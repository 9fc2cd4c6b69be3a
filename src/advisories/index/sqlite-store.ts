import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AdvisorySnapshot } from '../contract.ts';
import { AdvisoryError } from '../errors.ts';
import type { EpssScore, FactStore, PackageFact, RecordFacts, VersionRange } from '../facts.ts';
import { decodeSeverities } from '../match/stated-severity.ts';
import { intact, openIndexDatabase, readIndexInfo, updateHint } from './index-file.ts';
import type { FeedState } from './schema.ts';

type Row = readonly (string | number | null)[];

const none: readonly never[] = [];

/** So few records are read one by one as fast. */
const fewRecords = 8;

/** Facts of an index file. Records are kept once read; facts are read anew each time. */
export class SqliteFactStore implements FactStore {
  readonly snapshot: AdvisorySnapshot;
  readonly feeds: readonly FeedState[];
  readonly #database: DatabaseSync;
  readonly #select: Record<'facts' | 'record' | 'records' | 'byId' | 'byAlias' | 'epss', StatementSync>;
  readonly #covered: ReadonlySet<string>;
  readonly #exploited: ReadonlySet<string>;
  readonly #records = new Map<number, RecordFacts>();
  readonly #alike = new Map<string, readonly RecordFacts[]>();

  /** @throws AdvisoryError `index_invalid` */
  constructor(path: string, identity: Pick<AdvisorySnapshot, 'id' | 'origin'>) {
    this.#database = openIndexDatabase(path);
    const info = readIndexInfo(this.#database);
    this.feeds = info.feeds;
    const sources = info.feeds.map(({ id, records, modified, bulk }) => ({ id, records, modified, bulk }));
    this.snapshot = { ...identity, createdAt: info.createdAt, sources };
    this.#covered = this.#texts('SELECT ecosystem FROM coverage');
    this.#exploited = this.#texts('SELECT cve FROM kev');
    const record = 'id, aliases, linked, severities, word, title, malicious, linked_elsewhere';
    this.#select = {
      facts: this.#rows(`SELECT number, fixed, ranges, versions, urgency, severities, imports, stance FROM fact
        WHERE key = (SELECT key FROM package WHERE ecosystem = ? AND name = ?) AND superseded = 0`),
      record: this.#rows(`SELECT ${record} FROM record WHERE number = ?`),
      records: this.#rows(`SELECT number, ${record} FROM record WHERE number IN (SELECT value FROM json_each(?))`),
      // Two simple look-ups cost a third of one with UNION.
      byId: this.#rows(`SELECT ${record} FROM record WHERE id = ? AND withdrawn = 0 ORDER BY feed`),
      byAlias: this.#rows(`SELECT ${record} FROM alias JOIN record USING (number) WHERE alias = ? ORDER BY number`),
      epss: this.#rows('SELECT cve, score, percentile FROM epss WHERE cve IN (SELECT value FROM json_each(?))'),
    };
  }

  /** Every fact of the records of one feed, for making something else of them. */
  *factsOf(feed: string): Generator<{ readonly ecosystem: string; readonly name: string; readonly fact: PackageFact }> {
    const rows = this.#rows(`SELECT ecosystem, name, number, fixed, ranges, versions, f.urgency, f.severities, imports,
      stance FROM fact f JOIN package USING (key) JOIN record r USING (number) WHERE r.feed = ? AND superseded = 0`);
    const ranges = new Map<string, readonly VersionRange[]>();
    for (const [ecosystem, name, ...row] of rows.iterate(feed) as unknown as Iterable<Row>) {
      yield { ecosystem: textOf(ecosystem) ?? '', name: textOf(name) ?? '', fact: factOf(row, ranges) };
    }
  }

  covers(ecosystem: string): boolean {
    return this.#covered.has(ecosystem);
  }

  facts(ecosystem: string, name: string): readonly PackageFact[] {
    return intact(() => {
      const rows = this.#select.facts.all(ecosystem, name) as unknown as Row[];
      // Facts of one upload share their fix, so that the matcher compares each fix once.
      const ranges = new Map<string, readonly VersionRange[]>();
      return rows.map((row) => factOf(row, ranges));
    });
  }

  record(number: number): RecordFacts {
    const known = this.#records.get(number);
    if (known !== undefined) return known;
    const row = intact(() => this.#select.record.get(number)) as unknown as Row | undefined;
    if (row === undefined) throw new AdvisoryError('index_invalid', 'damaged advisory index', { hint: updateHint });
    const facts = intact(() => recordOf(row));
    this.#records.set(number, facts);
    return facts;
  }

  expect(records: readonly number[]): void {
    const missing = records.filter((number) => !this.#records.has(number));
    if (missing.length < fewRecords) return;
    const rows = intact(() => this.#select.records.all(JSON.stringify(missing))) as unknown as Row[];
    for (const [number, ...row] of rows)
      this.#records.set(
        Number(number),
        intact(() => recordOf(row)),
      );
  }

  recordsOf(id: string): readonly RecordFacts[] {
    let records = this.#alike.get(id);
    if (records === undefined) {
      const rows = intact(() => [...this.#select.byId.all(id), ...this.#select.byAlias.all(id)]);
      records = intact(() => (rows as unknown as Row[]).map(recordOf));
      this.#alike.set(id, records);
    }
    return records;
  }

  exploited(cve: string): boolean {
    return this.#exploited.has(cve);
  }

  epss(cves: readonly string[]): ReadonlyMap<string, EpssScore> {
    const rows = intact(() => this.#select.epss.all(JSON.stringify(cves)));
    return new Map(
      (rows as unknown as [string, number, number][]).map(([cve, score, percentile]) => [cve, { score, percentile }]),
    );
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  /** The single column of a query. */
  #texts(sql: string): ReadonlySet<string> {
    const rows = intact(() => this.#rows(sql).all());
    return new Set((rows as unknown as [string][]).map(([text]) => text));
  }

  #rows(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

function factOf(row: Row, known: Map<string, readonly VersionRange[]>): PackageFact {
  const [record, fixed, ranges, versions, urgency, severities, imports, stance] = row;
  return {
    record: record as number,
    ranges: rangesOf(textOf(fixed), textOf(ranges), known),
    versions: split(versions, '\n'),
    urgency: textOf(urgency),
    severities: decodeSeverities(textOf(severities) ?? ''),
    imports: split(imports, ' '),
    stance: stance === 'will_not_fix' ? stance : null,
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
    parsed = fixed === null ? parseRanges(key) : [rangeBelow(fixed)];
    known.set(key, parsed);
  }
  return parsed;
}

function parseRanges(text: string): readonly VersionRange[] {
  const isEvent = (event: unknown): boolean =>
    Array.isArray(event) && event.length === 2 && kinds.has(event[0]) && typeof event[1] === 'string';
  const ranges: unknown = JSON.parse(text);
  if (Array.isArray(ranges) && ranges.every((range) => Array.isArray(range) && range.every(isEvent))) {
    return ranges as VersionRange[];
  }
  throw new SyntaxError('not version ranges');
}

const kinds: ReadonlySet<unknown> = new Set(['introduced', 'fixed', 'last_affected', 'limit']);

function rangeBelow(fixed: string): VersionRange {
  return [
    ['introduced', '0'],
    ['fixed', fixed],
  ];
}

function recordOf(row: Row): RecordFacts {
  const [id, aliases, linked, severities, word, title, malicious, elsewhere] = row;
  return {
    id: textOf(id) ?? '',
    aliases: split(aliases, ' '),
    linked: split(linked, ' '),
    severities: decodeSeverities(textOf(severities) ?? ''),
    word: textOf(word),
    title: textOf(title),
    malicious: malicious === 1,
    linkedElsewhere: elsewhere === 1,
  };
}

/** An index may come from somewhere else: columns are what they should be only when looked at. */
function textOf(value: Row[number] | undefined): string | null {
  if (value === null || typeof value === 'string') return value;
  throw new SyntaxError('not a text');
}

function split(value: string | number | null | undefined, separator: string): readonly string[] {
  return typeof value === 'string' && value !== '' ? value.split(separator) : none;
}
