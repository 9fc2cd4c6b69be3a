import { createHash, randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AdvisoryError } from '../errors.ts';
import type { HttpFetcher, HttpResponse } from '../ports.ts';
import { sha256Of } from '../sha256-of.ts';

/** Where feeds come from and where downloads may lie while they are read. */
export interface FeedAccess {
  readonly http: HttpFetcher;
  /** Directory for temporary downloads. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

/** A feed file that lies on disk for as long as it is not disposed. */
export interface FeedFile extends AsyncDisposable {
  readonly path: string;
  /** Recognises the same content at the next update: an entity tag, or the SHA-256 of the bytes. */
  readonly fingerprint: string;
  /** RFC 3339: when the content was last changed, as far as its place tells; null where it does not. */
  readonly modified: string | null;
}

const maxFileBytes = 4 * 1024 ** 3;
const attempts = 3;

/** The address of a location given by the user, or undefined where it is a path. */
export function locationUrl(location: string): URL | undefined {
  return /^https?:\/\//i.test(location) ? (URL.parse(location) ?? undefined) : undefined;
}

/** The path of a location given by the user: a plain path or a `file:` URL. */
export function locationPath(location: string): string {
  return location.startsWith('file://') ? fileURLToPath(location) : location;
}

/**
 * Brings one feed file to disk.
 * @param location http(s) URL, `file:` URL or path.
 * @param known fingerprint of the content that is already loaded.
 * @throws AdvisoryError `feed_unavailable`, `feed_too_large`
 */
export async function fetchFeedFile(
  location: string,
  known: string | undefined,
  access: FeedAccess,
): Promise<FeedFile | 'unchanged' | 'missing'> {
  const url = locationUrl(location);
  const file = url === undefined ? await localFile(locationPath(location)) : await download(url, known, access);
  if (typeof file === 'string' || file.fingerprint !== known) return file;
  await file[Symbol.asyncDispose]();
  return 'unchanged';
}

/** Repeats a retryable network action with growing pauses (0.5 s, 1 s). */
export async function withRetries<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof AdvisoryError) || !error.retryable || attempt === attempts) throw error;
      await sleep(250 * 2 ** attempt, undefined, { signal });
    }
  }
}

async function localFile(path: string): Promise<FeedFile | 'missing'> {
  let sha256: string;
  try {
    sha256 = await sha256Of(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    throw new AdvisoryError('feed_unavailable', `${path} cannot be read`, { cause });
  }
  const { mtime } = await stat(path);
  return {
    path,
    fingerprint: `sha256:${sha256}`,
    modified: mtime.toISOString(),
    [Symbol.asyncDispose]: async () => {},
  };
}

function download(
  url: URL,
  known: string | undefined,
  access: FeedAccess,
): Promise<FeedFile | 'unchanged' | 'missing'> {
  const { http, signal } = access;
  const headers: Record<string, string> = known?.startsWith('etag:') ? { 'if-none-match': known.slice(5) } : {};
  return withRetries(signal, async () => {
    const answer = await http.get(url, { headers, maxBytes: maxFileBytes, signal });
    if (answer.status === 200) return save(answer, access);
    await answer.cancel();
    return answer.status === 304 ? 'unchanged' : 'missing';
  });
}

async function save(answer: HttpResponse, { temporary }: FeedAccess): Promise<FeedFile> {
  const path = join(temporary, `.download-${randomUUID()}`);
  const remove = (): Promise<void> => rm(path, { force: true });
  const hash = createHash('sha256');
  try {
    await using file = await open(path, 'wx', 0o600);
    for await (const chunk of answer.body) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  const tag = answer.header('etag');
  const usable = tag !== undefined && /^(W\/)?"[\x21\x23-\x7e]{0,200}"$/.test(tag);
  const fingerprint = usable ? `etag:${tag}` : `sha256:${hash.digest('hex')}`;
  const time = Date.parse(answer.header('last-modified') ?? '');
  const modified = Number.isNaN(time) ? null : new Date(time).toISOString();
  return { path, fingerprint, modified, [Symbol.asyncDispose]: remove };
}
