import type { Progress } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import { type FeedAccess, locationUrl } from '../feeds/feed-file.ts';
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

const smallestShare = 0.8;

/** Counts the records of one feed on their way into the index. */
export class Tally {
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
    this.#count();
    if (record === undefined) {
      this.bad++;
      return;
    }
    // Some feeds write the year 1 where they know no time.
    if (Date.parse(record.modified) > Date.parse(this.newest ?? '1970-01-01')) this.newest = record.modified;
    this.#task.writer.addRecord(this.#id, record, this.#accepts);
  }

  /** A part of a record, as feeds tell it that go by package. */
  addPart(record: OsvRecord | undefined): void {
    this.#count();
    if (record === undefined) {
      this.bad++;
      return;
    }
    this.newest = record.modified;
    this.#task.writer.addPart(this.#id, record);
  }

  #count(): void {
    this.#task.access.signal.throwIfAborted();
    if (++this.#seen % 1_000 === 0) {
      this.#task.progress({ kind: 'progress', step: this.#id, done: this.#seen, unit: 'items' });
    }
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
export function refuseDamaged(state: FeedState, { known, force }: FeedImport): void {
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
export function comparable(location: string, { known, force }: FeedImport): FeedState | undefined {
  if (known === undefined || force) return undefined;
  return known.base === publicLocation(location) || known.fingerprint.startsWith('sha256:') ? known : undefined;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) > Date.parse(b) ? a : b;
}

/** What is stored and shown of a location: an address without its secrets; of a directory only that it is local. */
export function publicLocation(location: string): string {
  const url = locationUrl(location);
  if (url === undefined) return 'local';
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
