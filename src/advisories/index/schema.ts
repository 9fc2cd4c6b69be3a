/**
 * The advisory index: one SQLite file, written once and only read afterwards. Lists are joined by a character that
 * their members cannot hold: blanks for ids, severities (`match/stated-severity.ts`) and import paths, line feeds for
 * versions. Names of packages are spelled as `Worlds.nameIn` says.
 */
export const indexSchema: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE feed (id TEXT PRIMARY KEY, base TEXT NOT NULL, fingerprint TEXT NOT NULL, records INTEGER NOT NULL, bad INTEGER NOT NULL, modified TEXT, bulk TEXT, imported_at TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE package (key INTEGER PRIMARY KEY, ecosystem TEXT NOT NULL, name TEXT NOT NULL)`,
  `CREATE UNIQUE INDEX package_name ON package (ecosystem, name)`,
  `CREATE TABLE record (number INTEGER PRIMARY KEY, feed TEXT NOT NULL, id TEXT NOT NULL, modified TEXT NOT NULL, withdrawn INTEGER NOT NULL, aliases TEXT NOT NULL, linked TEXT NOT NULL, severities TEXT NOT NULL, word TEXT, title TEXT, malicious INTEGER NOT NULL, linked_elsewhere INTEGER NOT NULL)`,
  `CREATE UNIQUE INDEX record_id ON record (id, feed)`,
  `CREATE TABLE alias (alias TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (alias, number)) WITHOUT ROWID`,
  // `superseded`: another feed says something newer about the same vulnerability of the package.
  // `fixed` alone stands for the range [0, fixed), which nine of ten facts have; `versions` are those that no range
  // holds. Rows of one package lie together, so that a look-up touches a page or two.
  `CREATE TABLE fact (key INTEGER NOT NULL, number INTEGER NOT NULL, fixed TEXT, ranges TEXT, versions TEXT, urgency TEXT, severities TEXT, imports TEXT, stance TEXT, superseded INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID`,
  `CREATE TABLE coverage (ecosystem TEXT PRIMARY KEY, facts INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE kev (cve TEXT PRIMARY KEY) WITHOUT ROWID`,
  `CREATE TABLE epss (cve TEXT PRIMARY KEY, score REAL NOT NULL, percentile REAL NOT NULL) WITHOUT ROWID`,
];

/** Marks our files among SQLite files ("Ddok"). */
export const indexApplicationId = 0x44646f6b;

/** Changes with every incompatible change of the tables above; a file of another version is not opened. */
export const indexFormatVersion = 3;

/** State of one feed inside an index. */
export interface FeedState {
  /** `osv/Debian`, `kev`, `epss`. */
  readonly id: string;
  /** The address it was read from, `local` for files. */
  readonly base: string;
  /** Recognises unchanged content at the same base. */
  readonly fingerprint: string;
  readonly records: number;
  /** Members that were not readable as records; counted, skipped. */
  readonly bad: number;
  /** RFC 3339 time of the newest record, null for an empty feed. */
  readonly modified: string | null;
  /**
   * RFC 3339 time by which nine tenths of the records were last modified, null where records have no times. A few new
   * records make a feed look current whose bulk is old; this tells.
   */
  readonly bulk: string | null;
  /** RFC 3339 time at which this content was imported. */
  readonly importedAt: string;
}
