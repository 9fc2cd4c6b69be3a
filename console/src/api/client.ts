import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import { reportOffline, reportOnline } from './connection.ts';
import { ApiError, errorOf } from './errors.ts';
import { newKey } from './idempotency.ts';
import type { components, paths } from './schema.gen.ts';

/** Schemas of the native API by name: `Schema<'Image'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

let csrfToken: string | undefined;

/** The text that proves that a change comes from this page; null after signing out. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** What proves it in a request that is not sent through `api`. */
export function csrfHeaders(): Readonly<Record<string, string>> {
  return csrfToken === undefined ? {} : { 'x-csrf-token': csrfToken };
}

/** Called when the server says that there is no session (any more). */
let onSignedOut: () => void = () => {};
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

declare global {
  interface Window {
    /** The answer of `/api/v1/session` that public/before-paint.js asked for. */
    earlySession?: Promise<Response>;
  }
}

/** The answer that was asked for before this code was there; once, and only for the same question. */
function takeEarly(request: Request): Promise<Response> | undefined {
  if (request.method !== 'GET' || new URL(request.url).pathname !== '/api/v1/session') return undefined;
  const early = window.earlySession;
  window.earlySession = undefined;
  return early;
}

const attempts = 3;
const pauseMs = 600;

/**
 * A change whose answer is lost is sent again with the same Idempotency-Key, so that it is done once (docs/api/native.md).
 * @throws ApiError `unreachable`
 */
async function send(request: Request): Promise<Response> {
  const repeatable = request.method === 'GET' || request.headers.has('idempotency-key');
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await (takeEarly(request) ?? fetch(request.clone()));
      reportOnline();
      return response;
    } catch (error) {
      if (request.signal.aborted) throw error;
      // Reads are repeated by the cache of queries, which also knows when the network is back.
      if (request.method === 'GET' || !repeatable || attempt === attempts) {
        reportOffline();
        throw new ApiError({ code: 'unreachable', status: 0 });
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
    }
  }
}

const ours: Middleware = {
  onRequest({ request }) {
    if (request.method === 'GET') return undefined;
    if (csrfToken !== undefined) request.headers.set('x-csrf-token', csrfToken);
    if (request.method === 'POST' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', newKey());
    }
    return request;
  },
  async onResponse({ response, request }) {
    if (response.ok) return undefined;
    const error = await errorOf(response);
    if (response.status === 401 && !request.url.endsWith('/session')) onSignedOut();
    if (error.temporary) reportOffline();
    throw error;
  },
};

/** The native API, typed by its description. Every failure is an `ApiError`. */
export const api = createFetchClient<paths>({ baseUrl: '/', fetch: send });
api.use(ours);

/** Hooks over the same client: `$api.useQuery('get', '/api/v1/images', …)`. */
export const $api = createQueryClient(api);
