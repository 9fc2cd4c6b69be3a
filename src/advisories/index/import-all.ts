import type { Progress } from '../../kernel/index.ts';
import type { FeedAccess } from '../feeds/feed-file.ts';
import { listEcosystems, requireEcosystemName } from '../feeds/osv.ts';
import type { FeedImport } from './feed-import.ts';
import type { IndexInfo } from './index-file.ts';
import { importList, importOsv } from './update.ts';
import { importSecurityDatabases, importTracker } from './vendor-feeds.ts';
import type { IndexWriter } from './writer.ts';

/** Where feeds come from; what is not named stays as it is loaded. */
export interface FeedSources {
  /** Base in the public OSV layout: URL or directory. */
  readonly from?: string;
  /** Ecosystems to load; others stay as they are. Default: all that the base offers. */
  readonly only?: readonly string[];
  /** KEV catalogue and EPSS scores: URL or file. */
  readonly kev?: string;
  readonly epss?: string;
  /** Files of the Alpine security database, or directories of them (`v3.22/main.json`): URL, file or directory each. */
  readonly alpineSecdb?: readonly string[];
  /** JSON of the Debian security tracker: URL or file. */
  readonly debianTracker?: string;
  /** Loads again what seems unchanged, and accepts feeds that shrank or went back in time. */
  readonly force?: boolean;
}

/** Whether any source of advisories is named; lists of exploitation alone are none. */
export function hasFeeds({ from, alpineSecdb = [], debianTracker }: FeedSources): boolean {
  return from !== undefined || alpineSecdb.length > 0 || debianTracker !== undefined;
}

/** What an import works with. */
export interface ImportContext {
  readonly access: FeedAccess;
  /** The index before, from which the writer copies. */
  readonly before: IndexInfo | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * Loads the named feeds and copies all others from the index before.
 * @returns whether anything changed.
 * @throws AdvisoryError
 */
export async function importAll(
  writer: IndexWriter,
  sources: FeedSources & { readonly progress: Progress },
  { access, before, now }: ImportContext,
): Promise<boolean> {
  const { progress, from, force = false, alpineSecdb = [], debianTracker } = sources;
  for (const name of sources.only ?? []) requireEcosystemName(name);
  const ecosystems = from === undefined ? [] : [...new Set(sources.only ?? (await listEcosystems(from, access)))];
  const task = (id: string): FeedImport => {
    const known = before?.feeds.find((feed) => feed.id === id);
    return { writer, access, progress, known, now, force };
  };
  const loaded = new Set<string>();
  let changed = false;
  for (const name of ecosystems) {
    changed = (await importOsv(from ?? '', name, task(`osv/${name}`))) || changed;
    loaded.add(`osv/${name}`);
  }
  for (const list of ['kev', 'epss'] as const) {
    const location = sources[list];
    if (location === undefined) continue;
    changed = (await importList(list, location, task(list))) || changed;
    loaded.add(list);
  }
  if (debianTracker !== undefined) {
    changed = (await importTracker(debianTracker, task('debian-tracker'))) || changed;
    loaded.add('debian-tracker');
  }
  for (const location of alpineSecdb) {
    changed = (await importSecurityDatabases(location, task, loaded)) || changed;
  }
  for (const feed of before?.feeds ?? []) {
    if (loaded.has(feed.id)) continue;
    if (feed.id === 'kev' || feed.id === 'epss') writer.copyList(feed.id);
    else writer.copyFeed(feed.id);
    writer.setFeed(feed);
  }
  return changed;
}
