import type { IncomingMessage } from 'node:http';
import type { Mount, RequestHead } from './contract.ts';

const ownerKey = Symbol('owner');

type Owned = IncomingMessage & { [ownerKey]?: Mount | null };

/** Method, path, query and headers of a request, before anything of it is decoded. */
export function requestHead(request: IncomingMessage): RequestHead {
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  const cut = target.search(/[?#]/);
  const path = cut < 0 ? target : target.slice(0, cut);
  return {
    method: request.method ?? 'GET',
    path: path.startsWith('/') ? path : `/${path}`,
    query: cut < 0 || target[cut] === '#' ? '' : (target.slice(cut + 1).split('#', 1)[0] ?? ''),
    headers: request.headers,
  };
}

/** The mount that answers a request; undefined = the server's own pages. Decided once for a request. */
export function ownerOf(request: IncomingMessage, mounts: readonly Mount[]): Mount | undefined {
  const owned = request as Owned;
  if (owned[ownerKey] === undefined) {
    const head = requestHead(request);
    owned[ownerKey] = mounts.find((mount) => mount.owns(head)) ?? null;
  }
  return owned[ownerKey] ?? undefined;
}
