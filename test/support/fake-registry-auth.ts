import { type FakeRequest, failure, type Reply, reply } from './fake-registry-store.ts';

/** How the fake protects itself. A token realm is served by the fake itself unless `realm` says otherwise. */
export type FakeAuth =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | {
      readonly kind: 'token';
      /** Absent: anyone gets a token for pulling. */
      readonly user?: string;
      readonly password?: string;
      /** Accepted as `refresh_token` instead of user and password. */
      readonly identityToken?: string;
      /** Realm of the challenge; default this registry's own `/token`. */
      readonly realm?: string;
      /** Scope of the challenge instead of the needed one. */
      readonly scope?: string;
      /** Padding of the token, in bytes. */
      readonly tokenBytes?: number;
    };

/** Decides whether a request is let through. */
export class FakeAuthority {
  readonly #auth: FakeAuth;
  readonly #url: string;

  constructor(auth: FakeAuth, url: string) {
    this.#auth = auth;
    this.#url = url;
  }

  /** An answer that ends the request, or undefined to let it through. */
  check(request: FakeRequest): Reply | undefined {
    const auth = this.#auth;
    if (auth.kind === 'basic') {
      const want = `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;
      if (request.headers.authorization === want) return undefined;
      return this.#challenge('Basic realm="fake"');
    }
    if (request.path === '/token') return this.#token(auth, request);
    const needed = neededScope(request);
    const token = /^Bearer ([A-Za-z0-9_-]+)\.?[x]*$/.exec(request.headers.authorization ?? '')?.[1];
    const granted = token === undefined ? [] : Buffer.from(token, 'base64url').toString().split(' ');
    if (token !== undefined && (needed === undefined || granted.includes(needed))) return undefined;
    if (needed?.endsWith(':pull') && granted.includes(`${needed},push`)) return undefined;
    const scope = auth.scope ?? needed;
    const realm = auth.realm ?? `${this.#url}/token`;
    return this.#challenge(`Bearer realm="${realm}",service="fake"${scope ? `,scope="${scope}"` : ''}`);
  }

  #challenge(header: string): Reply {
    const denied = failure(401, 'UNAUTHORIZED', 'authentication required');
    return { ...denied, headers: { ...denied.headers, 'www-authenticate': header } };
  }

  #token(auth: FakeAuth & { kind: 'token' }, request: FakeRequest): Reply {
    const form = new URLSearchParams(request.method === 'POST' ? request.body.toString() : '');
    const scopes = request.method === 'POST' ? (form.get('scope') ?? '').split(' ') : request.query.getAll('scope');
    const basic = `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;
    const known =
      (auth.user !== undefined && request.headers.authorization === basic) ||
      (auth.identityToken !== undefined && form.get('refresh_token') === auth.identityToken);
    const anonymous = auth.user === undefined && auth.identityToken === undefined;
    if (!known && !anonymous) return failure(401, 'UNAUTHORIZED');
    const granted = anonymous ? scopes.filter((scope) => !scope.includes('push')) : scopes;
    const token = `${Buffer.from(`granted ${granted.join(' ')}`).toString('base64url')}.${'x'.repeat(auth.tokenBytes ?? 0)}`;
    return reply(200, { 'content-type': 'application/json' }, JSON.stringify({ token, expires_in: 300 }));
  }
}

function neededScope(request: FakeRequest): string | undefined {
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(request.path)?.[1];
  if (name === undefined) return undefined;
  return `repository:${name}:${request.method === 'GET' || request.method === 'HEAD' ? 'pull' : 'pull,push'}`;
}
