import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AdvisoryError } from '../errors.ts';
import { readSecurityDatabase } from '../feeds/alpine-secdb.ts';
import { readTracker } from '../feeds/debian-tracker.ts';
import { type FeedFile, fetchFeedFile, locationPath, locationUrl } from '../feeds/feed-file.ts';
import { comparable, type FeedImport, publicLocation, Tally } from './feed-import.ts';

/*
 * Feeds of vendors in forms of their own. Their records carry the time of the file that they came in, so that of two
 * feeds that know the same vulnerability of a package the newer one speaks (`IndexWriter`).
 */

/** Imports the JSON of the Debian security tracker. @returns whether anything changed. */
export async function importTracker(location: string, task: FeedImport): Promise<boolean> {
  const id = 'debian-tracker';
  const fetched = await fetchOr404(location, task);
  if (fetched === 'unchanged') return copied(id, task);
  await using file = fetched;
  const tally = new Tally(id, 'Debian', task);
  for await (const part of readTracker(file.path, timeOf(file, task))) tally.addPart(part);
  finish(id, location, file, tally, task);
  return true;
}

/**
 * Imports one file of the Alpine security database or a directory of them. Each file is a feed of its own:
 * `alpine-secdb/v3.22/main`.
 * @param task for the feed with this id.
 * @param loaded ids of feeds that were loaded; the ids of these files are added.
 * @returns whether anything changed.
 */
export async function importSecurityDatabases(
  location: string,
  task: (id: string) => FeedImport,
  loaded: Set<string>,
): Promise<boolean> {
  let changed = false;
  for (const place of await placesOf(location)) changed = (await importOne(place, task, loaded)) || changed;
  return changed;
}

async function importOne(location: string, taskOf: (id: string) => FeedImport, loaded: Set<string>): Promise<boolean> {
  // The name tells which feed it may be, so that an unchanged file need not be read.
  const named = /(?:^|\/)(v[0-9]+\.[0-9]+|edge)\/([a-z][a-z0-9-]*)\.json$/.exec(location.split('?', 1)[0] ?? '');
  const guess = taskOf(named === null ? '' : `alpine-secdb/${named[1]}/${named[2]}`);
  const fetched = await fetchOr404(location, guess);
  if (fetched === 'unchanged') {
    if (guess.known !== undefined) loaded.add(guess.known.id);
    return copied(guess.known?.id ?? '', guess);
  }
  await using file = fetched;
  const { branch, repository, records, bad } = await readSecurityDatabase(file.path, timeOf(file, guess));
  const id = `alpine-secdb/${branch}/${repository}`;
  if (loaded.has(id))
    throw new AdvisoryError('feed_invalid', `${branch}/${repository} of the Alpine data is given twice`);
  loaded.add(id);
  const task = taskOf(id);
  const tally = new Tally(id, 'Alpine', task);
  for (const record of records) tally.add(record);
  tally.bad += bad;
  finish(id, location, file, tally, task);
  return true;
}

/** The file itself, or the files `<branch>/<repository>.json` of a directory. */
async function placesOf(location: string): Promise<string[]> {
  if (locationUrl(location) !== undefined) return [location];
  const path = locationPath(location);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return [path];
  const names = await readdir(path, { recursive: true });
  const files = names.filter((name) => /^(v[0-9]+\.[0-9]+|edge)\/[a-z][a-z0-9-]*\.json$/.test(name)).sort();
  if (files.length > 0) return files.map((name) => join(path, name));
  const hint = 'The directory must hold <branch>/<repository>.json, for example v3.22/main.json.';
  throw new AdvisoryError('feed_unavailable', `${path}: no files of the Alpine security database`, { hint });
}

async function fetchOr404(location: string, task: FeedImport): Promise<FeedFile | 'unchanged'> {
  const fetched = await fetchFeedFile(location, comparable(location, task)?.fingerprint, task.access);
  if (fetched === 'missing') throw new AdvisoryError('feed_unavailable', `${location}: not found`);
  return fetched;
}

function copied(id: string, { writer, known }: FeedImport): boolean {
  writer.copyFeed(id);
  if (known !== undefined) writer.setFeed(known);
  return false;
}

/** A file from the future would silence every other feed. */
function timeOf({ modified }: FeedFile, { now }: FeedImport): string {
  return modified !== null && Date.parse(modified) < Date.parse(now) ? modified : now;
}

function finish(id: string, location: string, file: FeedFile, tally: Tally, { now }: FeedImport): void {
  const none = { records: 0, modified: null, bulk: null };
  const { fingerprint } = file;
  tally.finish({ id, base: publicLocation(location), fingerprint, ...none, bad: tally.bad, importedAt: now });
}
