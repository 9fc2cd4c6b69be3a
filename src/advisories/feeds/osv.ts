import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JsonError, mapLimit, parseJson } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import { type FeedAccess, type FeedFile, fetchFeedFile, locationPath, locationUrl, withRetries } from './feed-file.ts';
import { linesOf } from './lines.ts';
import { type OsvRecord, readOsvRecord } from './osv-record.ts';
import { feedZipLimits, readZip } from './zip.ts';

/** A change of a feed: the id of a record and its time of modification. */
export interface OsvChange {
  readonly id: string;
  readonly modified: string;
}

const recordLimits = { maxBytes: feedZipLimits.entryBytes, maxDepth: 200 };
const ecosystemGrammar = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;
const listLimit = 1024 * 1024;
const changesLimit = 256 * 1024 ** 2;

/**
 * Names of the ecosystems that a base offers: what `ecosystems.txt` lists, or the directories with an `all.zip`.
 * Names with a release (`Debian:12`) are left out, because the plain directory holds all releases; so is `GIT`, whose
 * records name no packages.
 * @throws AdvisoryError `feed_unavailable`
 */
export async function listEcosystems(base: string, access: FeedAccess): Promise<readonly string[]> {
  const url = locationUrl(base);
  const names = url === undefined ? await localNames(locationPath(base)) : await remoteNames(url, access);
  const usable = names.filter((name) => isEcosystemName(name) && name !== 'GIT').sort();
  if (usable.length > 0) return usable;
  const hint = 'The base must hold <Ecosystem>/all.zip, as the public OSV export does.';
  throw new AdvisoryError('feed_unavailable', `${base}: no ecosystems`, { hint });
}

/** @throws AdvisoryError `feed_unavailable` for a name that can be no directory of the OSV layout: with a path, a release */
export function requireEcosystemName(name: string): void {
  if (isEcosystemName(name)) return;
  const hint = 'Use a name of the OSV layout without release, for example Debian or "Rocky Linux".';
  throw new AdvisoryError('feed_unavailable', `no ecosystem can be called ${JSON.stringify(name)}`, { hint });
}

function isEcosystemName(name: string): boolean {
  return ecosystemGrammar.test(name);
}

/** Brings the archive of one ecosystem to disk, unless it is the known one. */
export function fetchArchive(
  base: string,
  ecosystem: string,
  known: string | undefined,
  access: FeedAccess,
): Promise<FeedFile | 'unchanged' | 'missing'> {
  return fetchFeedFile(address(base, ecosystem, 'all.zip'), known, access);
}

/** Reads all records of an archive; `undefined` stands for a member that is not a record. */
export async function* readArchive(path: string): AsyncGenerator<OsvRecord | undefined> {
  for await (const item of readZip(path)) {
    yield 'bad' in item || !item.name.endsWith('.json') ? undefined : parseRecord(item.bytes);
  }
}

/**
 * Records changed since a time, newest first, from the feed's list of changes.
 * @returns undefined when the base has no such list or more than `most` records changed.
 */
export async function changesSince(
  base: string,
  ecosystem: string,
  since: string,
  most: number,
  access: FeedAccess,
): Promise<readonly OsvChange[] | undefined> {
  const url = locationUrl(address(base, ecosystem, 'modified_id.csv'));
  if (url === undefined) return undefined;
  return withRetries(access.signal, async () => {
    const answer = await access.http.get(url, { maxBytes: changesLimit, signal: access.signal });
    const changes: OsvChange[] = [];
    try {
      if (answer.status !== 200) return undefined;
      for await (const line of linesOf(answer.body)) {
        const comma = line.indexOf(',');
        const change = { modified: line.slice(0, comma), id: line.slice(comma + 1) };
        if (comma < 0 || Number.isNaN(Date.parse(change.modified)) || !/^[A-Za-z0-9:._-]{1,128}$/.test(change.id))
          continue;
        if (Date.parse(change.modified) < Date.parse(since)) break;
        changes.push(change);
        if (changes.length > most) return undefined;
      }
      return changes;
    } finally {
      await answer.cancel();
    }
  });
}

/** Fetches single records; one that is gone or unreadable is `undefined`. */
export function fetchRecords(
  base: string,
  ecosystem: string,
  ids: readonly string[],
  access: FeedAccess,
): Promise<(OsvRecord | undefined)[]> {
  return mapLimit(ids, 8, (id) =>
    withRetries(access.signal, async () => {
      const url = locationUrl(address(base, ecosystem, `${id}.json`));
      if (url === undefined) return undefined;
      const answer = await access.http.get(url, { maxBytes: recordLimits.maxBytes, signal: access.signal });
      if (answer.status !== 200) {
        await answer.cancel();
        return undefined;
      }
      return parseRecord(Buffer.concat(await collect(answer.body)));
    }),
  );
}

function parseRecord(bytes: Uint8Array): OsvRecord | undefined {
  try {
    return readOsvRecord(parseJson(bytes, recordLimits));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function address(base: string, ecosystem: string, file: string): string {
  const url = locationUrl(base);
  if (url === undefined) return join(locationPath(base), ecosystem, file);
  const directory = new URL(url);
  directory.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(ecosystem)}/${encodeURIComponent(file)}`;
  return directory.href;
}

async function localNames(base: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(base);
  } catch (cause) {
    throw new AdvisoryError('feed_unavailable', `${base} cannot be read`, { cause });
  }
  const present = await Promise.all(names.map((name) => stat(join(base, name, 'all.zip')).catch(() => undefined)));
  return names.filter((_, index) => present[index]?.isFile());
}

function remoteNames(base: URL, access: FeedAccess): Promise<string[]> {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}/ecosystems.txt`;
  return withRetries(access.signal, async () => {
    const answer = await access.http.get(url, { maxBytes: listLimit, signal: access.signal });
    if (answer.status === 200) return collect(linesOf(answer.body));
    await answer.cancel();
    const hint = 'Name the ecosystems with --only, for example --only Debian.';
    throw new AdvisoryError('feed_unavailable', `${url.href}: not found`, { hint });
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
