import { createHash, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import {
  type AlibabaSettings,
  alibabaFacade,
  alibabaMount,
  createLogger,
  createServer,
  defaultAlibabaSettings,
  defaultServerOptions,
  type HttpServer,
} from '../../src/api/index.ts';
import type { Services } from '../../src/service/index.ts';
import { accessKey, createFakeAccess, type FakeAccess, grant, principal } from './fake-access.ts';
import { createFakeServices, type FakeEstate, type FakeWorld } from './fake-services.ts';

/** When everything of the worked vectors happens. */
export const vectorTime = Date.UTC(2026, 10, 20, 16, 47, 35);

/** Secret of every key of this world. */
export const secret = 'ExampleAccessKeySecret0123456789';

/** May do everything, everywhere. */
export const ownerKey = 'LTAI5tExampleAccessKeyId';

/** May do everything in project 2 alone. */
export const bankKey = 'LTAI5tBank';

/** May read, everywhere. */
export const readerKey = 'LTAI5tReader';

/** A temporary key; its token is `stsToken`. */
export const stsKey = 'STS.Temporary';
export const stsToken = 'CAISexampleSecurityToken+/=abc';

/** The facade on the real HTTP server, over services in memory. */
export interface AlibabaWorld extends FakeWorld {
  readonly server: HttpServer;
  readonly access: FakeAccess;
  readonly settings: AlibabaSettings;
  readonly logs: string[];
  /** Moves the clock. */
  at(ms: number): void;
  /** Calls an operation with signed parameters in the query, without a socket. */
  ask(action: string, parameters?: Readonly<Record<string, string>>, key?: string): Promise<Answer>;
}

/** What came back: the body is always JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ by operation and are checked by shape elsewhere
  readonly body: any;
}

/** Builds the world; the server ends with the test. */
export async function alibabaWorld(
  t: TestContext,
  options: {
    readonly estate?: FakeEstate;
    readonly now?: () => number;
    readonly settings?: Partial<AlibabaSettings>;
    readonly override?: (world: FakeWorld) => Partial<Services>;
  } = {},
): Promise<AlibabaWorld> {
  let fixed = vectorTime;
  const now = options.now ?? (() => fixed);
  const world = createFakeServices({ now, ...(options.estate === undefined ? {} : { estate: options.estate }) });
  const services = { ...world.services, ...options.override?.(world) };
  const everything = grant(['yundun-sas:*']);
  const access = createFakeAccess([
    accessKey(ownerKey, secret, principal('owner', [everything])),
    accessKey(bankKey, secret, principal('banker', [grant(['yundun-sas:*'], [2])])),
    accessKey(
      readerKey,
      secret,
      principal('reader', [
        grant(['yundun-sas:Describe*', 'yundun-sas:List*']),
        grant(['yundun-sas:DescribeTaskErrorLog'], 'all', 'Deny'),
      ]),
    ),
    accessKey(stsKey, secret, principal('role', [everything], 'session'), {
      session: { token: stsToken, expiresAt: vectorTime + 3_600_000 },
    }),
  ]);
  const settings = { ...defaultAlibabaSettings, linkKey: Buffer.alloc(32, 7), ...options.settings };
  const logs: string[] = [];
  const server = await createServer(defaultServerOptions, {
    logger: createLogger({ level: 'info', destination: { write: (line: string) => void logs.push(line) } }),
    mounts: [
      alibabaMount((app) => alibabaFacade(app, { access, services, clock: { now: () => new Date(now()) }, settings })),
    ],
    checks: [],
    gauges: [],
  });
  t.after(() => server.stop(0));
  const ask: AlibabaWorld['ask'] = async (action, parameters = {}, key = ownerKey) => {
    const request = signedRequest(action, parameters, key, now());
    const answer = await server.app.inject(request);
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  };
  return { ...world, services, server, access, settings, logs, at: (ms) => (fixed = ms), ask };
}

/** A request as `inject` takes it, signed by signature 1.0 (written down here once more, from the specification). */
function signedRequest(
  action: string,
  parameters: Readonly<Record<string, string>>,
  key: string,
  now: number,
): { method: 'GET'; url: string; headers: Record<string, string> } {
  const all: Record<string, string> = {
    ...parameters,
    Action: action,
    Version: '2018-12-03',
    AccessKeyId: key,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: new Date(now).toISOString().replace(/\.\d+/, ''),
    ...(key === stsKey ? { SecurityToken: stsToken } : {}),
  };
  return { method: 'GET', url: `/?${signed(all)}`, headers: { host: 'drydock.example:8080' } };
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

let nonces = 0;

/** Parameters of a call of the owner by the older signature scheme, with a nonce of its own; not signed yet. */
export function parametersOf(over: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    Action: 'DescribeImageStatistics',
    Version: '2018-12-03',
    AccessKeyId: ownerKey,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: `hostile ${++nonces}`,
    Timestamp: new Date(vectorTime).toISOString().replace('.000', ''),
    ...over,
  };
}

/** A query with its signature. */
export function signed(parameters: Readonly<Record<string, string>>, method = 'GET'): string {
  const names = Object.keys(parameters).sort();
  const canonical = names.map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`).join('&');
  const text = `${method}&%2F&${encode(canonical)}`;
  return `${canonical}&Signature=${encode(hmacSha1(`${secret}&`, text))}`;
}

/** HMAC by its definition (RFC 2104), so that tests do not lean on the function under test. */
function hmacSha1(key: string, text: string): string {
  const block = Buffer.alloc(64);
  const bytes = Buffer.from(key);
  (bytes.length > 64 ? createHash('sha1').update(bytes).digest() : bytes).copy(block);
  const inner = createHash('sha1')
    .update(block.map((byte) => byte ^ 0x36))
    .update(text)
    .digest();
  return createHash('sha1')
    .update(block.map((byte) => byte ^ 0x5c))
    .update(inner)
    .digest('base64');
}
