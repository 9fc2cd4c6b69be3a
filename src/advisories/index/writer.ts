import { open } from 'node:fs/promises';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { EpssScore, RangeEvent, VersionRange } from '../facts.ts';
import { type OsvAffected, type OsvRecord, unionOf } from '../feeds/osv-record.ts';
import { evaluateFact } from '../match/range.ts';
import { encodeSeverities } from '../match/stated-severity.ts';
import type { Worlds } from '../worlds.ts';
import { type FeedState, indexApplicationId, indexFormatVersion, indexSchema } from './schema.ts';

/** Times and order of an index, fixed when it is finished. */
export interface IndexMeta {
  readonly createdAt: string;
  /** Grows with every snapshot; an import of a smaller one is a rollback. */
  readonly sequence: number;
}

/**
 * Writes a new index file in one transaction. Feeds that did not change are copied from the previous index, so every
 * finished file is complete and compact. A writer that is disposed before `finish` leaves a file that nothing opens.
 */
export class IndexWriter implements Disposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #worlds: Worlds;
  readonly #statements: Record<
    'record' | 'alias' | 'package' | 'fact' | 'feed' | 'kev' | 'epss' | 'meta' | 'same',
    StatementSync
  >;
  readonly #packages = new Map<string, number>();
  #nextRecord = 1;
  #nextPackage = 1;
  #open = true;

  /** @param previous path of the index from which unchanged feeds are copied. */
  constructor(path: string, worlds: Worlds, previous?: string) {
    this.#path = path;
    this.#worlds = worlds;
    const database = new DatabaseSync(path);
    this.#database = database;
    // Durability comes from fsync and rename of the finished file; a torn build is never opened.
    database.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA cache_size = -131072; PRAGMA temp_store = MEMORY; PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA application_id = ${indexApplicationId}; PRAGMA user_version = ${indexFormatVersion}`);
    if (previous !== undefined) database.prepare('ATTACH ? AS previous').run(previous);
    database.exec('BEGIN');
    for (const statement of indexSchema) database.exec(statement);
    if (previous !== undefined) this.#adoptNumbers();
    this.#statements = {
      record: database.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)'),
      alias: database.prepare('INSERT OR IGNORE INTO alias VALUES (?, ?)'),
      package: database.prepare('INSERT INTO package VALUES (?, ?, ?)'),
      fact: database.prepare('INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)'),
      feed: database.prepare('INSERT INTO feed VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      kev: database.prepare('INSERT OR IGNORE INTO kev VALUES (?)'),
      epss: database.prepare('INSERT OR REPLACE INTO epss VALUES (?, ?, ?)'),
      meta: database.prepare('INSERT INTO meta VALUES (?, ?)'),
      same: database.prepare('SELECT number, modified FROM record WHERE id = ? AND feed = ?'),
    };
  }

  /** Adds what a record says of further packages: feeds that go by package tell of one vulnerability many times. */
  addPart(feed: string, record: OsvRecord): void {
    const same = this.#statements.same.get(record.id, feed);
    if (same === undefined) {
      this.addRecord(feed, record, () => true);
      return;
    }
    this.#addFacts(Number(same.number), record.affected);
  }

  /**
   * Adds a record of a feed; of two with the same id the later modified stays.
   * @param accepts which ecosystems of the record belong to the feed.
   */
  addRecord(feed: string, record: OsvRecord, accepts: (ecosystem: string) => boolean): void {
    if (!this.#makeRoom(feed, record)) return;
    const number = this.#nextRecord++;
    const { id, modified, aliases, linked, severities, word, title } = record;
    const withdrawn = record.withdrawn ? 1 : 0;
    const columns = [
      modified,
      withdrawn,
      aliases.join(' '),
      linked.join(' '),
      encodeSeverities(severities),
      word,
      title,
      record.malicious ? 1 : 0,
    ];
    this.#statements.record.run(number, feed, id, ...columns);
    if (record.withdrawn) return;
    for (const alias of aliases) this.#statements.alias.run(alias, number);
    this.#addFacts(
      number,
      record.affected.filter(({ ecosystem }) => accepts(ecosystem)),
    );
  }

  /** Copies a feed's records from the previous index, apart from those with the given ids. */
  copyFeed(feed: string, except: ReadonlySet<string> = new Set()): void {
    this.#database.exec('CREATE TEMP TABLE skipped (id TEXT PRIMARY KEY) WITHOUT ROWID');
    const skip = this.#database.prepare('INSERT INTO skipped VALUES (?)');
    for (const id of except) skip.run(id);
    const copied = `SELECT number FROM previous.record WHERE feed = ? AND id NOT IN (SELECT id FROM skipped)`;
    for (const table of ['record', 'alias', 'fact']) {
      this.#database
        .prepare(`INSERT INTO ${table} SELECT * FROM previous.${table} WHERE number IN (${copied})`)
        .run(feed);
    }
    this.#database.exec('DROP TABLE skipped');
  }

  /** Copies the KEV or the EPSS list from the previous index. */
  copyList(list: 'kev' | 'epss'): void {
    this.#database.exec(`INSERT INTO ${list} SELECT * FROM previous.${list}`);
  }

  addExploited(cve: string): void {
    this.#statements.kev.run(cve);
  }

  addEpss(cve: string, { score, percentile }: EpssScore): void {
    this.#statements.epss.run(cve, score, percentile);
  }

  setFeed(state: FeedState): void {
    const { id, base, fingerprint, records, bad, modified, bulk, importedAt } = state;
    this.#statements.feed.run(id, base, fingerprint, records, bad, modified, bulk, importedAt);
  }

  /** How many records of a feed are in the new index. */
  countRecords(feed: string): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM record WHERE feed = ?').get(feed)?.n);
  }

  /** The time by which nine tenths of a feed's records were last modified; null where none has a time. */
  bulkOf(feed: string): string | null {
    const rows = this.#database.prepare('SELECT modified FROM record WHERE feed = ?').all(feed);
    const times = rows.map((row) => Date.parse(String(row.modified))).filter((time) => time > 0);
    times.sort((a, b) => a - b);
    const time = times[Math.floor((times.length - 1) * 0.9)];
    return time === undefined ? null : new Date(time).toISOString();
  }

  /** Completes the file and forces it to disk. */
  async finish(meta: IndexMeta): Promise<void> {
    this.#database.exec(supersede);
    this.#database.exec(`DELETE FROM package WHERE key NOT IN (SELECT key FROM fact);
      UPDATE record SET linked_elsewhere = aliases <> '' OR id IN (SELECT alias FROM alias)
        OR id IN (SELECT id FROM record GROUP BY id HAVING count(*) > 1);
      INSERT INTO coverage SELECT ecosystem, count(*) FROM package JOIN fact USING (key) GROUP BY ecosystem`);
    this.#statements.meta.run('created_at', meta.createdAt);
    this.#statements.meta.run('sequence', String(meta.sequence));
    this.#database.exec('COMMIT');
    this[Symbol.dispose]();
    await using file = await open(this.#path, 'r+');
    await file.sync();
  }

  [Symbol.dispose](): void {
    if (this.#open) this.#database.close();
    this.#open = false;
  }

  /** Numbers of packages and records stay the same over snapshots, so that rows can be copied as they are. */
  #adoptNumbers(): void {
    this.#database.exec('INSERT INTO package SELECT * FROM previous.package');
    for (const { key, ecosystem, name } of this.#database.prepare('SELECT * FROM package').iterate()) {
      this.#packages.set(`${ecosystem}\0${name}`, Number(key));
      this.#nextPackage = Math.max(this.#nextPackage, Number(key) + 1);
    }
    const last = this.#database.prepare('SELECT max(number) AS n FROM previous.record').get();
    this.#nextRecord = Number(last?.n ?? 0) + 1;
  }

  #makeRoom(feed: string, { id, modified }: OsvRecord): boolean {
    const same = this.#statements.same.get(id, feed);
    if (same === undefined) return true;
    if (Date.parse(String(same.modified)) >= Date.parse(modified)) return false;
    for (const table of ['fact', 'alias', 'record']) {
      this.#database.prepare(`DELETE FROM ${table} WHERE number = ?`).run(Number(same.number));
    }
    return true;
  }

  #packageKey(ecosystem: string, spelled: string): number {
    const name = this.#worlds.nameIn(ecosystem, spelled);
    const id = `${ecosystem}\0${name}`;
    const known = this.#packages.get(id);
    if (known !== undefined) return known;
    const key = this.#nextPackage++;
    this.#packages.set(id, key);
    this.#statements.package.run(key, ecosystem, name);
    return key;
  }

  /** Names that are spelled apart may be one package. */
  #addFacts(number: number, affected: readonly OsvAffected[]): void {
    const byKey = Map.groupBy(affected, ({ ecosystem, name }) => this.#packageKey(ecosystem, name));
    for (const [key, entries] of byKey) this.#addFact(key, number, entries.reduce(unionOf));
  }

  #addFact(key: number, number: number, affected: OsvAffected): void {
    const fixed = simpleFix(affected.ranges);
    const ranges = fixed !== null || affected.ranges.length === 0 ? null : JSON.stringify(affected.ranges);
    const versions = this.#unranged(affected).join('\n');
    const severities = encodeSeverities(affected.severities);
    const { urgency, stance } = affected;
    const imports = affected.imports.join(' ') || null;
    this.#statements.fact.run(
      ...[key, number, fixed, ranges, versions || null, urgency, severities || null, imports, stance],
    );
  }

  /**
   * Listed versions that the range does not hold. Most feeds list every affected release beside the range that says
   * the same: reading these lists would be most of the work of a match.
   */
  #unranged({ ecosystem, ranges, versions }: OsvAffected): readonly string[] {
    if (ranges.some((range) => range.length === 1 && isStart(range[0]))) return [];
    // Odd ranges are few, and judging a long list by a long range would be work without bound.
    const scheme = simpleFix(ranges) === null ? undefined : this.#worlds.schemeOf(ecosystem);
    const rangesOnly = { ranges, versions: [] };
    return versions.filter((version) => {
      if (version.includes('\n')) return false;
      return scheme === undefined || !scheme.valid(version) || evaluateFact(rangesOnly, version, scheme) === null;
    });
  }
}

/**
 * Of several feeds that know the same vulnerability of a package, the one whose record is newer speaks. Only feeds of
 * vendors repeat what OSV has from them; where none is loaded there is nothing to compare.
 */
const supersede = `
  CREATE TEMP TABLE told AS SELECT f.key, f.number, r.modified, r.feed LIKE 'osv/%' AS osv,
      substr(r.id, instr(r.id, 'CVE-')) AS cve
    FROM fact f JOIN record r USING (number)
    WHERE instr(r.id, 'CVE-') > 0 AND f.key IN (
      SELECT key FROM fact JOIN record USING (number) WHERE feed = 'debian-tracker' OR feed LIKE 'alpine-secdb/%');
  CREATE INDEX temp.told_of ON told (key, cve);
  UPDATE fact SET superseded = (key, number) IN (
    SELECT old.key, old.number FROM told old JOIN told new USING (key, cve)
    WHERE old.osv <> new.osv AND (julianday(old.modified) < julianday(new.modified)
      OR (old.osv AND julianday(old.modified) IS julianday(new.modified))))
    WHERE superseded <> 0 OR key IN (SELECT key FROM told);
  DROP TABLE told`;

/** The fixed version of a range `[0, fixed)` that stands alone, else null. */
function simpleFix(ranges: readonly VersionRange[]): string | null {
  const [first, second, ...more] = ranges[0] ?? [];
  if (ranges.length !== 1 || first === undefined || second === undefined || more.length > 0) return null;
  return isStart(first) && second[0] === 'fixed' ? second[1] : null;
}

function isStart(event: RangeEvent | undefined): boolean {
  return event?.[0] === 'introduced' && event[1] === '0';
}
