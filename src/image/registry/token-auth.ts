import { type Clock, type HttpRequest, isJsonObject, type Transport } from '../../kernel/index.ts';
import { basicHeader, type Credentials } from './credentials/credentials.ts';
import { RegistryError } from './errors.ts';
import { readJson, statusError } from './responses.ts';
import type { RegistryLimits, RegistrySettings } from './settings.ts';

/** Token servers that belong to a registry under another name; everything else must be configured. */
const knownRealms: ReadonlyMap<string, readonly string[]> = new Map([
  ['registry-1.docker.io', ['auth.docker.io']],
  ['registry.gitlab.com', ['gitlab.com']],
]);

/** A token for one scope. */
export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch after which it is not used any more. */
  readonly expires: number;
}

/**
 * The realm of a bearer challenge, if it may be talked to: the registry's own origin, its host on the standard https
 * port, a name below its host, or a configured host. An attacker's registry could otherwise collect credentials, or
 * point us at internal servers. Never plain http for a registry that was reached by https.
 * @throws RegistryError `untrusted_realm`
 */
export function trustedRealm(realm: string | undefined, own: URL, settings: RegistrySettings): URL {
  const refuse = (why: string): RegistryError =>
    new RegistryError(
      'untrusted_realm',
      `${own.host} asks for a token from ${JSON.stringify(realm?.slice(0, 200))}: ${why}`,
    );
  const url = realm !== undefined && URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined) throw refuse('not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('not an http address');
  if (url.username !== '' || url.password !== '') throw refuse('it contains a user name');
  if (url.protocol === 'http:' && own.protocol === 'https:') throw refuse('not encrypted, but the registry is');
  const configured = [...(settings.trustedRealms ?? []), ...(knownRealms.get(own.host) ?? [])];
  const sameHost =
    url.hostname === own.hostname && (url.port === own.port || (url.protocol === 'https:' && url.port === ''));
  const below = url.hostname.endsWith(`.${own.hostname}`) && url.protocol === 'https:';
  if (sameHost || below || configured.includes(url.host)) return url;
  throw refuse('that host is neither the registry itself nor a trusted realm');
}

/** What is needed to ask for a token. */
export interface TokenQuery {
  readonly realm: URL;
  readonly service: string | undefined;
  /** The scopes that *we* need; what the challenge asks for is not repeated, so it cannot be wider. */
  readonly scopes: readonly string[];
  readonly credentials: Credentials | undefined;
}

/** Asks a token server (distribution token specification, OAuth2 form for identity tokens). Follows no redirect. */
export async function fetchToken(
  transport: Transport,
  query: TokenQuery,
  context: { clock: Clock; limits: RegistryLimits; userAgent: string },
  signal: AbortSignal,
): Promise<Token> {
  const response = await transport.send(tokenRequest(query, context.userAgent, signal));
  const what = 'asking for a token';
  if (response.status !== 200) throw await statusError(response, what, context.clock.now());
  // Base64 and the fields around the token need some room; the token itself is measured below.
  const body = await readJson(response, context.limits.tokenBytes * 2, what);
  const value = isJsonObject(body) ? (body.token ?? body.access_token) : undefined;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value) || value.length > context.limits.tokenBytes) {
    throw new RegistryError('invalid_response', `${query.realm.host} answered without a usable token`);
  }
  const told = isJsonObject(body) && typeof body.expires_in === 'number' ? body.expires_in : 60;
  const seconds = Math.min(Math.max(told, 60), 86_400);
  return { value, expires: context.clock.now().getTime() + (seconds - 10) * 1000 };
}

function tokenRequest(query: TokenQuery, userAgent: string, signal: AbortSignal): HttpRequest {
  const { credentials, scopes, service } = query;
  const url = new URL(query.realm);
  const headers: Record<string, string> = { 'user-agent': userAgent, accept: 'application/json' };
  if (credentials?.kind === 'identity') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: credentials.token,
      client_id: 'drydock',
      scope: scopes.join(' '),
    });
    if (service !== undefined) form.set('service', service);
    headers['content-type'] = 'application/x-www-form-urlencoded';
    return { method: 'POST', url, headers, body: Buffer.from(form.toString()), signal };
  }
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credentials?.kind === 'basic') headers.authorization = basicHeader(credentials);
  return { method: 'GET', url, headers, signal };
}
