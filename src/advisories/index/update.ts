import type { Progress } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import { readEpss } from '../feeds/epss.ts';
import { type FeedAccess, fetchFeedFile, locationUrl } from '../feeds/feed-file.ts';
import { readKev } from '../feeds/kev.ts';
import { changesSince, fetchArchive, fetchRecords, readArchive } from '../feeds/osv.ts';
import type { OsvRecord } from '../feeds/osv-record.ts';
import type { FeedState } from './schema.ts';
import type { IndexWriter } from './writer.ts';

/** Everything that the import of one feed needs. */
export interface FeedImport {
  readonly writer: IndexWriter;
  readonly access: FeedAccess;
  readonly progress: Progress;
  /** The feed in the active snapshot. */
  readonly known: FeedState | undefined;
  /** RFC 3339. */
  readonly now: string;
  /** Accepts a feed that shrank or went back in time. */
  readonly force: boolean;
}

/** More changes than this are cheaper to read as a whole archive. */
const mostChanges = 2_000;
const smallestShare = 0.8;
const overlap = 3_600_000;

/**
 * Imports the OSV feed of one ecosystem: by its list of changes where that is short, else its archive, nothing where
 * neither changed.
 * @returns whether anything changed.
 * @throws AdvisoryError
 */
export async function importOsv(base: string, ecosystem: string, task: FeedImport): Promise<boolean> {
  const { writer, access } = task;
  const id = `osv/${ecosystem}`;
  const known = comparable(base, task);
  const tally = new Tally(id, ecosystem, task);
  if (known?.modified != null) {
    const changes = await changesSince(base, ecosystem, before(known.modified), mostChanges, access);
    if (changes !== undefined) {
      const fresh = changes.filter((change) => Date.parse(change.modified) > Date.parse(known.modified ?? ''));
      const ids = new Set((fresh.length === 0 ? [] : changes).map((change) => change.id));
      writer.copyFeed(id, ids);
      for (const record of await fetchRecords(base, ecosystem, [...ids], access)) tally.add(record);
      tally.finish({ ...known, bad: known.bad + tally.bad, importedAt: task.now });
      return ids.size > 0;
    }
  }
  const archive = await fetchArchive(base, ecosystem, known?.fingerprint, access);
  if (archive === 'missing') {
    const hint = 'The base must hold <Ecosystem>/all.zip; names are case-sensitive.';
    throw new AdvisoryError('feed_unavailable', `${base}: no archive for ${ecosystem}`, { hint });
  }
  if (archive === 'unchanged') {
    writer.copyFeed(id);
    if (known !== undefined) writer.setFeed(known);
    return false;
  }
  await using file = archive;
  for await (const record of readArchive(file.path)) tally.add(record);
  // An archive may lag behind single records; the list of changes names them.
  const late =
    tally.newest === null ? undefined : await changesSince(base, ecosystem, tally.newest, mostChanges, access);
  const missing = (late ?? []).map((change) => change.id);
  for (const record of await fetchRecords(base, ecosystem, missing, access))
    if (record !== undefined) tally.add(record);
  const { fingerprint } = file;
  const from = publicLocation(base);
  const none = { records: 0, modified: null, bulk: null };
  tally.finish({ id, base: from, fingerprint, ...none, bad: tally.bad, importedAt: task.now });
  return true;
}

/** Imports a KEV catalogue or EPSS scores from a URL or file. @returns whether anything changed. */
export async function importList(list: 'kev' | 'epss', location: string, task: FeedImport): Promise<boolean> {
  const { writer, access, now: importedAt } = task;
  const known = comparable(location, task);
  const base = publicLocation(location);
  task.progress({ kind: 'stage', stage: 'advisories', detail: list });
  const file = await fetchFeedFile(location, known?.fingerprint, access);
  if (file === 'missing') throw new AdvisoryError('feed_unavailable', `${location}: not found`);
  if (file === 'unchanged') {
    writer.copyList(list);
    if (known !== undefined) writer.setFeed(known);
    return false;
  }
  await using fetched = file;
  const { fingerprint } = fetched;
  if (list === 'kev') {
    const { cves, modified } = await readKev(fetched.path);
    for (const cve of cves) writer.addExploited(cve);
    const state = { id: list, base, fingerprint, records: cves.length, bad: 0, modified, bulk: null, importedAt };
    refuseDamaged(state, task);
    writer.setFeed(state);
  } else {
    const summary = await readEpss(fetched.path, (cve, score) => writer.addEpss(cve, score));
    const state = { id: list, base, fingerprint, ...summary, bulk: null, importedAt };
    refuseDamaged(state, task);
    writer.setFeed(state);
  }
  return true;
}

/** Counts the records of one feed on their way into the index. */
class Tally {
  bad = 0;
  newest: string | null = null;
  readonly #id: string;
  readonly #accepts: (ecosystem: string) => boolean;
  readonly #task: FeedImport;
  #seen = 0;

  constructor(id: string, ecosystem: string, task: FeedImport) {
    this.#id = id;
    // A record that names several ecosystems stands in the archive of each; every feed brings its own part.
    this.#accepts = (name) => name === ecosystem || name.startsWith(`${ecosystem}:`);
    this.#task = task;
    task.progress({ kind: 'stage', stage: 'advisories', detail: ecosystem });
  }

  add(record: OsvRecord | undefined): void {
    this.#task.access.signal.throwIfAborted();
    if (++this.#seen % 1_000 === 0) {
      this.#task.progress({ kind: 'progress', step: this.#id, done: this.#seen, unit: 'items' });
    }
    if (record === undefined) {
      this.bad++;
      return;
    }
    // Some feeds write the year 1 where they know no time.
    if (Date.parse(record.modified) > Date.parse(this.newest ?? '1970-01-01')) this.newest = record.modified;
    this.#task.writer.addRecord(this.#id, record, this.#accepts);
  }

  finish(state: FeedState): void {
    const modified = later(this.newest, state.modified);
    const { writer } = this.#task;
    const complete = { ...state, records: writer.countRecords(this.#id), modified, bulk: writer.bulkOf(this.#id) };
    refuseDamaged(complete, this.#task);
    this.#task.writer.setFeed(complete);
  }
}

/** A feed that lost a fifth of its records or went back in time is a damaged or replayed mirror. */
function refuseDamaged(state: FeedState, { known, force }: FeedImport): void {
  const hint = 'Check the source; repeat with --force if this is intended.';
  if (state.records === 0 && state.bad > 0) {
    throw new AdvisoryError('feed_invalid', `${state.id}: none of ${state.bad} members is an advisory`);
  }
  if (force || known === undefined) return;
  if (state.records < known.records * smallestShare) {
    const message = `${state.id} shrank from ${known.records} to ${state.records} records`;
    throw new AdvisoryError('feed_shrank', message, { hint });
  }
  if (known.modified !== null && (state.modified === null || Date.parse(state.modified) < Date.parse(known.modified))) {
    const message = `${state.id} went back in time: newest record of ${state.modified ?? 'no date'}, loaded is ${known.modified}`;
    throw new AdvisoryError('feed_older', message, { hint });
  }
}

/** What is loaded of a feed, where its fingerprint can be compared: entity tags mean nothing at another address. */
function comparable(location: string, { known, force }: FeedImport): FeedState | undefined {
  if (known === undefined || force) return undefined;
  return known.base === publicLocation(location) || known.fingerprint.startsWith('sha256:') ? known : undefined;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) > Date.parse(b) ? a : b;
}

function before(time: string): string {
  return new Date(Date.parse(time) - overlap).toISOString();
}

/** What is stored and shown of a location: an address without its secrets; of a directory only that it is local. */
function publicLocation(location: string): string {
  const url = locationUrl(location);
  if (url === undefined) return 'local';
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
