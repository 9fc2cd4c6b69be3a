import { RegistryError } from './errors.ts';
import { discard, type HttpRequest, type HttpResponse, type Transport } from './transport.ts';

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a GET or HEAD and follows redirects, as blob storage behind registries needs. Credentials are dropped for good
 * at the first change of origin, https is never left, and every hop passes the network policy of the transport.
 * @throws RegistryError `too_many_redirects`, `untrusted_location`
 */
export async function sendFollowing(transport: Transport, request: HttpRequest, limit: number): Promise<HttpResponse> {
  let current = request;
  for (let hop = 0; ; hop++) {
    const response = await transport.send(current);
    if (!redirectStatuses.has(response.status)) return response;
    await discard(response);
    if (hop === limit) {
      throw new RegistryError('too_many_redirects', `${request.url.host} redirected more than ${limit} times`);
    }
    const next = redirectTarget(response.headers.location, current.url);
    const { authorization, ...anonymous } = current.headers;
    const headers = next.origin === current.url.origin && authorization !== undefined ? current.headers : anonymous;
    current = { ...current, url: next, headers };
  }
}

function redirectTarget(location: string | undefined, from: URL): URL {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new RegistryError('invalid_response', `${from.host} redirected without a usable location`);
  }
  const url = new URL(location, from);
  const refuse = (why: string): RegistryError =>
    new RegistryError('untrusted_location', `${from.host} redirected to ${url.origin}: ${why}`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('not an http address');
  if (from.protocol === 'https:' && url.protocol === 'http:') throw refuse('that would give up encryption');
  // A user name in the address would become credentials of the redirecting server's choice.
  if (url.username !== '' || url.password !== '') throw refuse('it contains a user name');
  return url;
}

/**
 * A URL that the registry hands out for the next step (upload location, next page): must be on the registry itself.
 * A proxy that ends TLS often makes it an http address of the same host; our own scheme is kept then.
 * @throws RegistryError `untrusted_location`
 */
export function ownLocation(location: string | undefined, from: URL, own: URL): URL {
  if (location === undefined || location.length > 16_384 || !URL.canParse(location, from.href)) {
    throw new RegistryError('invalid_response', `${own.host} did not say where to go on`);
  }
  const url = new URL(location, from);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.host !== own.host || url.username !== '' || url.password !== '') {
    throw new RegistryError('untrusted_location', `${own.host} wants to go on at ${url.protocol}//${url.host}`);
  }
  url.protocol = own.protocol;
  return url;
}
