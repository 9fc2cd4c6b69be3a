import { RegistryError } from './errors.ts';

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
