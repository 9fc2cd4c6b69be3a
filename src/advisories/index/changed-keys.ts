import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { cveOf, isErratum } from '../identifiers.ts';
import { intact, openIndexDatabase } from './index-file.ts';

/** A name under which packages are looked up, in an ecosystem as OSV writes it (`Debian:12`). */
export interface ChangedKey {
  readonly ecosystem: string;
  readonly name: string;
}

/**
 * Beyond so many changed records, whose ids have to be kept in memory, comparing is no cheaper than matching everything.
 */
const mostRecords = 200_000;

/**
 * Records that say the same in both files, and names that are in both: numbers and keys are each file's own. Temporary
 * tables go to a file, so memory stays bounded whatever the size of the snapshots.
 */
const correspondences = `
  CREATE TEMP TABLE same (number INTEGER PRIMARY KEY, old INTEGER NOT NULL);
  INSERT INTO same SELECT n.number, o.number FROM new.record n JOIN old.record o ON o.id = n.id AND o.feed = n.feed
    WHERE n.withdrawn = o.withdrawn AND n.aliases = o.aliases AND n.linked = o.linked AND n.severities = o.severities
      AND n.word IS o.word AND n.title IS o.title AND n.malicious = o.malicious AND n.linked_elsewhere = o.linked_elsewhere;
  CREATE UNIQUE INDEX temp.same_old ON same (old);
  CREATE TEMP TABLE named (key INTEGER PRIMARY KEY, old INTEGER NOT NULL);
  INSERT INTO named SELECT n.key, o.key FROM new.package n JOIN old.package o USING (ecosystem, name);
  CREATE UNIQUE INDEX temp.named_old ON named (old);
  CREATE TEMP TABLE changed (ecosystem TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (ecosystem, name)) WITHOUT ROWID;`;

/** Names with a fact that the other file has not, or not with the same words. */
const changedFacts = `
  INSERT OR IGNORE INTO changed SELECT ecosystem, name FROM new.package WHERE key IN (
    SELECT n.key FROM new.fact n LEFT JOIN same s ON s.number = n.number LEFT JOIN named k ON k.key = n.key
      LEFT JOIN old.fact o ON o.key = k.old AND o.number = s.old
    WHERE o.key IS NULL OR n.fixed IS NOT o.fixed OR n.ranges IS NOT o.ranges OR n.versions IS NOT o.versions
      OR n.urgency IS NOT o.urgency OR n.severities IS NOT o.severities OR n.imports IS NOT o.imports OR n.stance IS NOT o.stance
      OR n.superseded <> o.superseded);
  INSERT OR IGNORE INTO changed SELECT ecosystem, name FROM old.package WHERE key IN (
    SELECT o.key FROM old.fact o LEFT JOIN same s ON s.old = o.number LEFT JOIN named k ON k.old = o.key
      LEFT JOIN new.fact n ON n.key = k.key AND n.number = s.number
    WHERE n.key IS NULL);`;

/** Records of one file that the other does not have in the same words, if a severity could be taken from them. */
const changedRecords = (file: 'old' | 'new', column: 'old' | 'number'): string => `
  SELECT id, aliases FROM ${file}.record WHERE number NOT IN (SELECT ${column} FROM same)
    AND (severities <> '' OR word IS NOT NULL)`;

/**
 * The names whose advisories say something else in the snapshot `after` than in `before` (paths of index files): what is
 * installed under other names has the same matches in both. Exploitation and exploit prediction are not looked at.
 * @returns `all` where so much changed that a comparison is of no use.
 * @throws AdvisoryError `index_invalid`
 */
export function changedKeys(before: string, after: string): readonly ChangedKey[] | 'all' {
  for (const path of [before, after]) openIndexDatabase(path).close();
  const database = new DatabaseSync(':memory:');
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA temp_store = FILE');
    for (const [path, name] of [[before, 'old'] as const, [after, 'new'] as const]) {
      const file = pathToFileURL(path);
      file.searchParams.set('immutable', '1');
      file.searchParams.set('mode', 'ro');
      database.prepare(`ATTACH ? AS ${name}`).run(file.href);
    }
    return intact(() => {
      database.exec(correspondences);
      database.exec(changedFacts);
      if (!addInfluenced(database)) return 'all';
      const rows = database.prepare('SELECT ecosystem, name FROM changed ORDER BY ecosystem, name').all();
      return rows.map(({ ecosystem, name }) => ({ ecosystem: String(ecosystem), name: String(name) }));
    });
  } finally {
    database.close();
  }
}

/**
 * A severity may come from another record of the same vulnerability, whatever its ecosystem: names with a record that
 * shares an id with a changed one are changed as well. False when these are too many.
 */
function addInfluenced(database: DatabaseSync): boolean {
  const ids = new Set<string>();
  let records = 0;
  for (const sql of [changedRecords('old', 'old'), changedRecords('new', 'number')]) {
    for (const { id, aliases } of database.prepare(sql).iterate()) {
      if (isErratum(String(id))) continue;
      if (++records > mostRecords) return false;
      for (const text of [String(id), ...String(aliases).split(' ')]) if (text !== '') ids.add(text);
    }
  }
  if (ids.size === 0) return true;
  database.exec('CREATE TEMP TABLE influenced (number INTEGER PRIMARY KEY)');
  const add = database.prepare('INSERT INTO influenced VALUES (?)');
  const all = database.prepare('SELECT number, id, aliases, linked FROM new.record WHERE withdrawn = 0');
  for (const { number, id, aliases, linked } of all.iterate()) {
    const own = [String(id), cveOf(String(id)) ?? '', ...String(aliases).split(' '), ...String(linked).split(' ')];
    if (own.some((text) => ids.has(text))) add.run(Number(number));
  }
  database.exec(`INSERT OR IGNORE INTO changed SELECT ecosystem, name FROM new.package WHERE key IN (
    SELECT key FROM new.fact WHERE number IN (SELECT number FROM influenced))`);
  return true;
}
