import { AdvisoryError } from '../errors.ts';
import { readEpss } from '../feeds/epss.ts';
import { fetchFeedFile } from '../feeds/feed-file.ts';
import { readKev } from '../feeds/kev.ts';
import { changesSince, fetchArchive, fetchRecords, readArchive } from '../feeds/osv.ts';
import { comparable, type FeedImport, publicLocation, refuseDamaged, Tally } from './feed-import.ts';

/** More changes than this are cheaper to read as a whole archive. */
const mostChanges = 2_000;
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

function before(time: string): string {
  return new Date(Date.parse(time) - overlap).toISOString();
}
