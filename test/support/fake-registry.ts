import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { type FakeAuth, FakeAuthority } from './fake-registry-auth.ts';
import {
  type FakeRepository,
  type FakeRequest,
  FakeStore,
  failure,
  type Reply,
  type StoreOptions,
} from './fake-registry-store.ts';
import { buildTestImage, type TestImage, type TestImageOptions } from './test-image.ts';

/** What happens to requests that match a rule; one kind of fault per rule. */
export interface Fault {
  /** How many matching requests are hit (default 1; Infinity for all). */
  readonly times?: number;
  /** Answer with this status instead of doing the work. */
  readonly status?: number;
  /** Do the work first, then apply the fault: "accepted, but the answer was lost". */
  readonly after?: boolean;
  /** Headers to set on the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body of the answer. */
  readonly body?: string | Buffer;
  /** Redirect with 307 to this URL. */
  readonly redirect?: string;
  /** Send so many bytes of the true body, then cut the connection. */
  readonly cutAfter?: number;
  /** Read so many bytes of the request body, keep them in the upload, then cut the connection. */
  readonly cutRequestAfter?: number;
  /** Send the true body in pieces of `bytes` with a pause of `everyMs`. */
  readonly slow?: { readonly bytes: number; readonly everyMs: number };
  /** Claim a digest in `Docker-Content-Digest` that the content does not have. */
  readonly wrongDigest?: boolean;
  /** Flip one bit of the body. */
  readonly corrupt?: boolean;
  /** Cut the connection without an answer. */
  readonly reset?: boolean;
  /** Never answer. */
  readonly hang?: boolean;
  /** Send body bytes for ever. */
  readonly endless?: boolean;
  /** Full control: an answer (with status 0: none, ever), or undefined for the normal one. */
  readonly answer?: (request: FakeRequest) => Reply | undefined;
}

export interface FakeRegistryOptions extends StoreOptions {
  readonly auth?: FakeAuth;
  /** Serve TLS instead of plain HTTP. */
  readonly tls?: ServerOptions;
}

export interface FakeRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly url: string;
  /** Every request received, in order. */
  readonly requests: FakeRequest[];
  /** Lines `METHOD /path` of the requests, for short assertions. */
  log(): string[];
  /** Adds a rule; the first rule that matches and still has `times` left is applied. `*` is any method. */
  fail(method: string, path: RegExp | string, fault: Fault): void;
  clearFaults(): void;
  /** State of one repository, created on demand. */
  repository(name: string): FakeRepository;
  /** Calls back for every TLS connection. */
  onSecureConnection(listener: (socket: TLSSocket) => void): void;
  /** Uploads begun and not finished. */
  pendingUploads(): number;
  /** Puts an image behind a tag without using the API. */
  pushTestImage(repository: string, tag: string, layers: readonly Uint8Array[], options?: TestImageOptions): TestImage;
  close(): Promise<void>;
}

interface Rule {
  readonly method: string;
  readonly path: RegExp | string;
  readonly fault: Fault;
  left: number;
}

/** Starts a registry in this process on a free loopback port; stop it with `close()` or `await using`. */
export async function startFakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const store = new FakeStore(options);
  const requests: FakeRequest[] = [];
  const rules: Rule[] = [];
  let authority: FakeAuthority | undefined;

  const take = (method: string, path: string): Fault | undefined => {
    const rule = rules.find(
      (r) =>
        r.left > 0 &&
        (r.method === '*' || r.method === method) &&
        (typeof r.path === 'string' ? path.includes(r.path) : r.path.test(path)),
    );
    if (rule) rule.left--;
    return rule?.fault;
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = incoming;
    const url = new URL(incoming.url ?? '/', 'http://fake.invalid');
    const method = incoming.method ?? 'GET';
    const fault = take(method, url.pathname);
    const body = await readBody(incoming, fault?.cutRequestAfter);
    const headers = incoming.headers as Record<string, string | undefined>;
    const request: FakeRequest = { method, path: url.pathname, query: url.searchParams, headers, body };
    requests.push(request);
    if (fault?.cutRequestAfter !== undefined) {
      if (authority?.check(request) === undefined) store.appendPartial(url.pathname, body);
      socket.destroy();
      return;
    }
    const normal = (): Reply => authority?.check(request) ?? store.handle(request);
    await send(incoming, response, fault, fault ? planned(fault, request, normal) : normal());
  };

  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${options.tls ? 'https' : 'http'}://${host}`;
  if (options.auth) authority = new FakeAuthority(options.auth, url);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };

  return {
    host,
    url,
    requests,
    log: () => requests.map((request) => `${request.method} ${request.path}`),
    fail: (method, path, fault) => void rules.push({ method, path, fault, left: fault.times ?? 1 }),
    clearFaults: () => void rules.splice(0),
    repository: (name) => store.repository(name),
    onSecureConnection: (listener) => void server.on('secureConnection', listener),
    pendingUploads: () => store.uploads.size,
    pushTestImage(name, tag, layers, imageOptions) {
      const image = buildTestImage(layers, imageOptions);
      const repository = store.repository(name);
      for (const [digest, bytes] of image.blobs) repository.blobs.set(digest, bytes);
      repository.manifests.set(image.digest, { bytes: image.manifest, mediaType: image.mediaType });
      repository.tags.set(tag, image.digest);
      return image;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function readBody(incoming: IncomingMessage, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    parts.push(part.subarray(0, Math.max(0, limit - size)));
    size += part.length;
    if (size >= limit) break;
  }
  return Buffer.concat(parts);
}

function planned(fault: Fault, request: FakeRequest, normal: () => Reply): Reply {
  const custom = fault.answer?.(request);
  if (custom) return custom;
  if (fault.redirect !== undefined)
    return { status: 307, headers: { location: fault.redirect }, body: Buffer.alloc(0) };
  const replaced = fault.status !== undefined ? failure(fault.status, 'FAULT', 'injected fault') : undefined;
  const worked = replaced && !fault.after ? replaced : normal();
  const answer = replaced ?? worked;
  const headers = { ...answer.headers, ...fault.headers };
  if (fault.wrongDigest) headers['docker-content-digest'] = `sha256:${'0'.repeat(64)}`;
  const body = fault.body === undefined ? Buffer.from(answer.body) : Buffer.from(fault.body);
  if (fault.corrupt && body.length > 0) body[0] = (body[0] ?? 0) ^ 1;
  return { status: answer.status, headers, body };
}

async function send(
  incoming: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
  answer: Reply,
): Promise<void> {
  if (fault?.hang || answer.status === 0) return;
  if (fault?.reset) return void incoming.socket.destroy();
  const head = incoming.method === 'HEAD';
  const length = { 'content-length': String(answer.body.length) };
  response.writeHead(answer.status, { ...(fault?.endless ? {} : length), ...answer.headers });
  if (head) return void response.end();
  if (fault?.endless) {
    while (!response.destroyed && !response.closed) {
      response.write(Buffer.alloc(65_536, 97));
      await delay(1);
    }
    return;
  }
  if (fault?.slow) {
    for (let at = 0; at < answer.body.length && !response.destroyed; at += fault.slow.bytes) {
      response.write(answer.body.subarray(at, at + fault.slow.bytes));
      await delay(fault.slow.everyMs, undefined, { ref: false });
    }
    return void response.end();
  }
  if (fault?.cutAfter !== undefined) {
    // The pause lets the bytes leave before the connection is destroyed.
    response.write(answer.body.subarray(0, fault.cutAfter));
    await delay(20);
    return void incoming.socket.destroy();
  }
  response.end(answer.body);
}
