import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { TestContext } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import type { AccessKey } from '../../src/access/index.ts';
import { createLogger, createServer, defaultServerOptions, huaweiFacade, huaweiMount } from '../../src/api/index.ts';
import { AccessFailure } from './access-failure.ts';
import { accessKey, createFakeAccess, type FakeAccess, grant, principal } from './fake-access.ts';
import { createFakeServices, type FakeWorld } from './fake-services.ts';

/** Keys of the world: all rights, one project only, reading only, none, disabled, temporary. */
export const keys = {
  owner: ['AKOWNER', 'owner-secret'],
  bank: ['AKBANK', 'bank-secret'],
  reader: ['AKREADER', 'reader-secret'],
  nobody: ['AKNOBODY', 'nobody-secret'],
  disabled: ['AKDISABLED', 'disabled-secret'],
  temporary: ['AKTEMP', 'temp-secret'],
} as const;

/** Project in the paths. */
export const project = '0123456789abcdef0123456789abcdef';

/** Enterprise project of the bank. */
export const bankProject = '7b0e6f2f-6a5a-4c0d-8f0e-3c4b7a1d2e3f';

export interface HuaweiWorld extends FakeWorld {
  readonly endpoint: string;
  readonly access: FakeAccess;
  readonly clock: { offset: number };
}

/** A listening facade over fakes; `server`: behind the server that all facades share. */
export async function huaweiWorld(t: TestContext, options: { server?: boolean } = {}): Promise<HuaweiWorld> {
  const access = fakeAccess();
  const fakes = createFakeServices();
  const clock = { offset: 0 };
  const now = (): Date => new Date(Date.now() + clock.offset);
  const plugin = (scope: FastifyInstance): Promise<void> =>
    huaweiFacade(scope, { access, services: fakes.services, clock: { now } });
  const endpoint = await (options.server === true ? sharedServer(t, plugin) : bareServer(t, plugin));
  return { ...fakes, access, clock, endpoint };
}

type Plugin = (scope: FastifyInstance) => Promise<void>;

async function bareServer(t: TestContext, plugin: Plugin): Promise<string> {
  const app = fastify({ genReqId: () => randomUUID().replaceAll('-', '') });
  await app.register(plugin);
  t.after(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

async function sharedServer(t: TestContext, plugin: Plugin): Promise<string> {
  const logger = createLogger({ level: 'error', destination: { write: () => undefined } });
  const server = await createServer(
    { ...defaultServerOptions, port: 0 },
    { logger, mounts: [huaweiMount(plugin)], checks: [], gauges: [] },
  );
  t.after(() => server.stop(0));
  return (await server.listen()).url;
}

function fakeAccess(): FakeAccess {
  const all = principal('owner', [grant(['hss:*'])]);
  const session = { token: 'session-token', expiresAt: Date.now() + 3_600_000 };
  const of = (name: keyof typeof keys, owner = all, over: Partial<AccessKey> = {}): AccessKey =>
    accessKey(keys[name][0], keys[name][1], owner, over);
  const fake = createFakeAccess([
    of('owner'),
    of('bank', principal('bank', [grant(['hss:*'], [2])])),
    of('reader', principal('reader', [grant(['hss:*:list'])])),
    of('nobody', principal('nobody', [])),
    of('disabled', all, { active: false }),
    of('temporary', all, { session }),
  ]);
  const tokens = new Map<string, string | null>();
  fake.signIn = async ({ name, password, projectExtId }) => {
    if (name !== 'alice' || password !== 'secret') {
      throw new AccessFailure('bad_credentials', 'wrong');
    }
    const token = randomUUID();
    tokens.set(token, projectExtId);
    return { token, issuedAt: Date.now(), expiresAt: Date.now() + 86_400_000, principal: all };
  };
  fake.byToken = async (token) => {
    if (token === 'old') return { expiredAt: Date.UTC(2026, 0, 1) };
    const scope = tokens.get(token);
    return scope === undefined ? undefined : { principal: all, projectExtId: scope, expiresAt: Date.now() + 1000 };
  };
  return fake;
}

/** One call as the generated SDK makes it. */
export interface SdkCall {
  readonly method: string;
  readonly url: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly binary?: boolean;
}

const load = createRequire(import.meta.url);

/** The official client core with a key; `derived`: with credentials of the second scheme. */
export function sdkClient(
  endpoint: string,
  [ak, sk]: readonly [string, string],
  options: { readonly derived?: boolean; readonly token?: string; readonly regionOnly?: boolean } = {},
): (call: SdkCall) => Promise<Record<string, unknown> & { body?: unknown }> {
  const { ClientBuilder } = load('@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js');
  const { BasicCredentials } = load('@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js');
  const { Region } = load('@huaweicloud/huaweicloud-sdk-core/region/region.js');
  const credentials = new BasicCredentials().withAk(ak).withSk(sk).withIamEndpoint(endpoint);
  if (options.regionOnly !== true) credentials.withProjectId(project);
  if (options.token !== undefined) credentials.withSecurityToken(options.token);
  let builder = new ClientBuilder((client: unknown) => client).withCredential(credentials);
  if (options.derived === true) {
    credentials.withDerivedPredicate(() => true);
    builder = builder.withDerivedAuthServiceName('hss');
  }
  builder =
    options.derived === true || options.regionOnly === true
      ? builder.withRegion(new Region('cn-north-4', endpoint))
      : builder.withEndpoint(endpoint);
  const client = builder.build();
  return async ({ method, url, query = {}, data, headers = {}, binary = false }) =>
    client.sendRequest({
      method,
      url,
      contentType: 'application/json',
      queryParams: query,
      pathParams: {},
      headers: { ...headers },
      ...(data === undefined ? {} : { data }),
      ...(binary ? { axiosRequestConfig: { responseType: 'arraybuffer' } } : {}),
    });
}

/** A request signed by hand, independent of the product: as the Go SDK does, with the time and body of the test. */
export async function signedFetch(
  endpoint: string,
  [ak, sk]: readonly [string, string],
  request: {
    readonly method: string;
    readonly path: string;
    readonly query?: string;
    readonly body?: string;
    readonly date?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signature?: string;
    readonly sentBody?: string;
  },
): Promise<Response> {
  const { method, path, query = '', body = '', headers = {} } = request;
  const date = request.date ?? new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const signed: Record<string, string> = { ...headers, 'x-sdk-date': date };
  const names = Object.keys(signed).sort();
  const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
  const payload = signed['x-sdk-content-sha256'] ?? hex(body);
  const canonical = `${method}\n${path}/\n${query}\n${names.map((name) => `${name}:${signed[name]}\n`).join('')}\n${names.join(';')}\n${payload}`;
  const text = `SDK-HMAC-SHA256\n${date}\n${hex(canonical)}`;
  const signature = request.signature ?? createHmac('sha256', sk).update(text).digest('hex');
  return fetch(`${endpoint}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: {
      ...signed,
      authorization: `SDK-HMAC-SHA256 Access=${ak}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
    },
    ...(method === 'GET' ? {} : { body: request.sentBody ?? body }),
  });
}
