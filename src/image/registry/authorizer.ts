import type { Clock, HttpResponse, Transport } from '../../kernel/index.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { basicHeader, type Credentials, type CredentialsProvider } from './credentials/credentials.ts';
import type { RegistryLimits, RegistrySettings } from './settings.ts';
import { fetchToken, type Token, trustedRealm } from './token-auth.ts';

/**
 * What a request needs to be allowed; `mountFrom` adds the right to read another repository of the same registry, and
 * `delete` that to delete in this one.
 */
export interface RepositoryAccess {
  readonly repository: string;
  readonly push: boolean;
  readonly mountFrom?: string | undefined;
  readonly delete?: boolean;
}

/** Rights in one repository, or the right to list all repositories. */
export type Access = RepositoryAccess | 'catalogue';

export interface AuthorizerOptions {
  /** `host[:port]` as in references; the key of the credentials. */
  readonly registry: string;
  readonly settings: RegistrySettings;
  readonly limits: RegistryLimits;
  readonly credentials: CredentialsProvider;
  readonly clock: Clock;
  readonly userAgent: string;
}

/** Tokens and credentials that are kept at a time. */
const maxRemembered = 1000;

type Method =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: URL; readonly service: string | undefined };

/** Produces `Authorization` headers for one registry: learns the method from its first challenge, keeps tokens. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #transport: Transport;
  readonly #tokens = new Map<string, Promise<Token>>();
  readonly #credentials = new Map<string | undefined, { readonly found: Credentials | undefined }>();
  #method: Method | undefined;

  constructor(options: AuthorizerOptions, transport: Transport) {
    this.#options = options;
    this.#transport = transport;
  }

  /** The header to send, or undefined for none (no challenge seen yet, or anonymous access). */
  async header(access: Access | undefined, signal: AbortSignal): Promise<string | undefined> {
    const method = this.#method;
    if (method === undefined) return undefined;
    const credentials = await this.#find(access, signal);
    if (method.kind === 'basic') return credentials?.kind === 'basic' ? basicHeader(credentials) : undefined;
    if (credentials?.kind === 'bearer') return `Bearer ${credentials.token}`;
    return `Bearer ${(await this.#token(method, access, credentials, signal)).value}`;
  }

  /** The credentials as they are, for interfaces beside the registry's own that know no tokens. */
  async basic(signal: AbortSignal): Promise<string | undefined> {
    const credentials = await this.#find(undefined, signal);
    return credentials?.kind === 'basic' ? basicHeader(credentials) : undefined;
  }

  /**
   * Learns from a 401. @returns whether another attempt makes sense
   * @throws RegistryError `untrusted_realm` before anything is sent to such a realm
   */
  learn(response: HttpResponse, own: URL, access: Access | undefined): boolean {
    const challenges = parseChallenges(response.headers['www-authenticate']);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer) {
      this.#tokens.delete(scopesOf(access).join(' '));
      this.#method = this.#bearer(bearer, own);
      return true;
    }
    if (!challenges.some(({ scheme }) => scheme === 'basic')) return false;
    this.#method = { kind: 'basic' };
    return true;
  }

  #bearer(challenge: Challenge, own: URL): Method {
    const realm = trustedRealm(challenge.parameters.get('realm'), own, this.#options.settings);
    return { kind: 'bearer', realm, service: challenge.parameters.get('service') };
  }

  /** Asked once per repository: behind it may be a credential helper, that is, another process. */
  async #find(access: Access | undefined, signal: AbortSignal): Promise<Credentials | undefined> {
    const repository = typeof access === 'object' ? access.repository : undefined;
    const known = this.#credentials.get(repository);
    if (known) return known.found;
    const found = await this.#options.credentials({ registry: this.#options.registry, repository }, signal);
    forgetOldest(this.#credentials);
    this.#credentials.set(repository, { found });
    return found;
  }

  /** One token request per scope, however many requests wait for it. */
  async #token(
    method: Method & { kind: 'bearer' },
    access: Access | undefined,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<Token> {
    const scopes = scopesOf(access);
    const key = scopes.join(' ');
    // Somebody else's cancelled request must not fail ours.
    const known = await this.#tokens.get(key)?.catch(() => undefined);
    if (known && known.expires > this.#options.clock.now().getTime()) return known;
    const query = { realm: method.realm, service: method.service, scopes, credentials };
    const fresh = fetchToken(this.#transport, query, this.#options, signal);
    forgetOldest(this.#tokens);
    this.#tokens.set(key, fresh);
    fresh.catch(() => this.#tokens.delete(key));
    return fresh;
  }
}

/** A walk over a whole registry asks for very many scopes once each. */
function forgetOldest<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    if (map.size < maxRemembered) return;
    map.delete(key);
  }
}

/** Scopes in the notation of the distribution token specification. */
function scopesOf(access: Access | undefined): readonly string[] {
  if (access === undefined) return [];
  if (access === 'catalogue') return ['registry:catalog:*'];
  const rights = ['pull', ...(access.push ? ['push'] : []), ...(access.delete ? ['delete'] : [])].join(',');
  const own = `repository:${access.repository}:${rights}`;
  return access.mountFrom === undefined ? [own] : [own, `repository:${access.mountFrom}:pull`];
}
