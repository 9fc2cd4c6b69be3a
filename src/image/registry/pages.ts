import { discard, type HttpResponse, type JsonValue } from '../../kernel/index.ts';
import type { Access } from './authorizer.ts';
import type { RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { readJson } from './responses.ts';

/** Empty pages in a row after which a listing is taken for endless. */
const maxEmptyPages = 20;

/** One page of a listing and the address of the next one; undefined at the end. */
export interface ListingPage<T> {
  readonly items: readonly T[];
  readonly next: URL | undefined;
}

/** What a listing is made of. */
export interface Listing<T> {
  /** Path and query of the first page. */
  readonly target: string;
  readonly access: Access;
  /** Turns the body of a page into its items. */
  readonly read: (body: JsonValue) => readonly T[];
  /** A first page that is 404: nothing at all, or an error. */
  readonly absent: 'empty' | 'error';
}

interface Fetched<T> {
  readonly response: HttpResponse;
  readonly items: readonly T[];
}

/**
 * Follows a listing page by page (distribution-spec "Listing tags", RFC 8288 `Link; rel=next`), holding one page at a
 * time. Pages must stay on the registry, and no address may come twice.
 * @throws RegistryError `invalid_response` for loops and endless listings
 */
export async function* listingPages<T>(
  client: RegistryClient,
  listing: Listing<T>,
  signal: AbortSignal,
): AsyncGenerator<ListingPage<T>> {
  const { target, access, read, absent } = listing;
  const seen = new Set<string>();
  let at: string | URL | undefined = target;
  let empty = 0;
  while (at !== undefined) {
    const what = `listing ${target.replace(/\?.*$/, '')}`;
    const mayBeAbsent = seen.size === 0 && absent === 'empty';
    const page: Fetched<T> | undefined = await client.exchange(
      { method: 'GET', target: at, access, signal },
      async (response) => {
        if (response.status === 404 && mayBeAbsent) return void (await discard(response));
        if (response.status !== 200) throw await client.unexpected(response, what);
        const { limits } = client.options;
        return { response, items: read(await readJson(response, limits.pageBytes, what, limits)) };
      },
    );
    if (page === undefined) return;
    const { response, items }: Fetched<T> = page;
    seen.add(response.url.href);
    const link = nextLink(response.headers.link);
    const next: URL | undefined = link === undefined ? undefined : await client.location(link, response, signal);
    empty = items.length === 0 ? empty + 1 : 0;
    const endless = next !== undefined && (seen.has(next.href) || seen.size >= client.options.limits.pages);
    // What the page holds is real even when the listing goes on in circles behind it.
    yield { items, next: endless ? undefined : next };
    if (endless || empty > maxEmptyPages) {
      throw new RegistryError('invalid_response', `${what}: the pages do not come to an end`);
    }
    at = next;
  }
}

/** The items of all pages one by one; nothing when the first page is 404. @throws RegistryError as `listingPages` */
export async function* pages<T>(
  client: RegistryClient,
  target: string,
  access: Access,
  read: (body: JsonValue) => readonly T[],
  signal: AbortSignal,
): AsyncGenerator<T> {
  for await (const { items } of listingPages(client, { target, access, read, absent: 'empty' }, signal)) yield* items;
}

/** The target of `rel="next"` in a `Link` header; one pass without backtracking. */
export function nextLink(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 16_384) return undefined;
  let at = 0;
  while (at < header.length) {
    const open = header.indexOf('<', at);
    const close = header.indexOf('>', open + 1);
    if (open < 0 || close < 0) return undefined;
    const following = header.indexOf('<', close);
    const parameters = header.slice(close + 1, following < 0 ? undefined : following);
    const isNext = parameters.split(/[;,]/).some((part) => {
      const [name, value = ''] = part.split('=', 2);
      return name?.trim().toLowerCase() === 'rel' && value.trim().replaceAll('"', '').toLowerCase() === 'next';
    });
    if (isNext) return header.slice(open + 1, close);
    at = close + 1;
  }
  return undefined;
}
