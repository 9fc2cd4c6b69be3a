import { discard } from './body.ts';
import type { HttpRequest, HttpResponse, Transport } from './contract.ts';
import { HttpError } from './errors.ts';
import { maxRedirects } from './limits.ts';

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a GET or HEAD and follows redirects, as storage behind registries and mirrors needs. Credentials are dropped
 * for good at the first change of origin, https is never left, and every hop passes the transport's network policy.
 * @throws HttpError `too_many_redirects`, `untrusted_location`, and what the transport throws
 */
export async function sendFollowing(
  transport: Transport,
  request: HttpRequest,
  limit: number = maxRedirects,
): Promise<HttpResponse> {
  let current = request;
  for (let hop = 0; ; hop++) {
    const response = await transport.send(current);
    if (!redirectStatuses.has(response.status)) return response;
    await discard(response);
    if (hop === limit) {
      throw new HttpError('too_many_redirects', `${request.url.host} redirected more than ${limit} times`);
    }
    const next = redirectTarget(response.headers.location, current.url);
    const { authorization, ...anonymous } = current.headers;
    const headers = next.origin === current.url.origin && authorization !== undefined ? current.headers : anonymous;
    current = { ...current, url: next, headers };
  }
}

function redirectTarget(location: string | undefined, from: URL): URL {
  if (!location || !URL.canParse(location, from.href)) {
    throw new HttpError('untrusted_location', `${from.host} redirected without a usable location`);
  }
  const url = new URL(location, from);
  const refuse = (why: string): HttpError =>
    new HttpError('untrusted_location', `${from.host} redirected to ${url.protocol}//${url.host}: ${why}`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('not an http address');
  if (from.protocol === 'https:' && url.protocol === 'http:') throw refuse('that would give up encryption');
  // A user name in the address would become credentials of the redirecting server's choice.
  if (url.username !== '' || url.password !== '') throw refuse('it contains a user name');
  return url;
}
