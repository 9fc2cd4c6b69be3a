import { discard, type JsonValue } from '../../kernel/index.ts';
import type { Access } from './authorizer.ts';
import type { RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { readJson } from './responses.ts';

/** Empty pages in a row after which a listing is taken for endless. */
const maxEmptyPages = 20;

/**
 * Follows a listing page by page (distribution-spec "Listing tags", RFC 8288 `Link; rel=next`), holding one page at a
 * time. Pages must stay on the registry, and no address may come twice.
 * @param read turns the body of a page into its items
 * @returns nothing at all when the first page is 404
 * @throws RegistryError `invalid_response` for loops and endless listings
 */
export async function* pages<T>(
  client: RegistryClient,
  target: string,
  access: Access,
  read: (body: JsonValue) => readonly T[],
  signal: AbortSignal,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  let next: string | URL | undefined = target;
  let empty = 0;
  while (next !== undefined) {
    const what = `listing ${target.replace(/\?.*$/, '')}`;
    const isFirst = seen.size === 0;
    const page = await client.exchange({ method: 'GET', target: next, access, signal }, async (response) => {
      if (response.status === 404 && isFirst) return void (await discard(response));
      if (response.status !== 200) throw await client.unexpected(response, what);
      const { limits } = client.options;
      return { response, items: read(await readJson(response, limits.pageBytes, what, limits)) };
    });
    if (page === undefined) return;
    const { response, items } = page;
    seen.add(response.url.href);
    yield* items;
    const link = nextLink(response.headers.link);
    if (link === undefined) return;
    next = await client.location(link, response, signal);
    empty = items.length === 0 ? empty + 1 : 0;
    if (seen.has(next.href) || empty > maxEmptyPages || seen.size >= client.options.limits.pages) {
      throw new RegistryError('invalid_response', `${what}: the pages do not come to an end`);
    }
  }
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
