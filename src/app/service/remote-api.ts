import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { ApiClient, ApiDownload, ApiRequest, Json } from '../../cli/service/contract.ts';
import { RemoteError } from '../../cli/service/errors.ts';
import { collect, messageOf } from '../../kernel/index.ts';

/** One exchange with the native API; `url` begins with `/api/v1`. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Sends an exchange, over the network or into this process. */
export type Send = (exchange: Exchange) => Promise<ApiDownload>;

/** No answer of the API that is read whole is larger. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** A client of the native API over a way to send. */
export function apiClient(
  send: Send,
  options: {
    readonly place: string;
    readonly token: string | undefined;
    settle?(): Promise<void>;
    close?(): Promise<void>;
  },
): ApiClient {
  const exchange = async (method: string, path: string, request: ApiRequest = {}): Promise<ApiDownload> => {
    const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const answer = await send({ method, url: `/api/v1${path}${queryText(request.query)}`, headers, body });
    if (answer.status >= 400) throw await refusal(answer);
    return answer;
  };
  return {
    place: options.place,
    call: async (method, path, request) => parse(await readAll((await exchange(method, path, request)).body)),
    download: (path, request) => exchange('GET', path, request),
    settle: options.settle ?? (async () => {}),
    [Symbol.asyncDispose]: options.close ?? (async () => {}),
  };
}

/** Sends over the network. @throws RemoteError when nothing answers */
export function sendTo(server: URL, signal: AbortSignal): Send {
  return async ({ method, url, headers, body }) => {
    let response: Response;
    try {
      response = await fetch(new URL(url, server), {
        method,
        headers,
        signal,
        redirect: 'error',
        ...(body !== undefined && { body }),
      });
    } catch (cause) {
      signal.throwIfAborted();
      const hint = 'Check --server and that `drydock serve` runs there.';
      throw new RemoteError(0, `${server.origin} does not answer`, { cause, hint });
    }
    const stream = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as ReadableStream);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: stream };
  };
}

function queryText(query: ApiRequest['query']): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) parts.append(name, String(item));
  }
  return parts.size === 0 ? '' : `?${parts}`;
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const tooLarge = (): RemoteError => new RemoteError(502, 'the answer of the server is too large');
  return (await collect(body, maxAnswerBytes, tooLarge)).toString('utf8');
}

function parse(text: string): Json {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RemoteError(502, 'the answer is not JSON: is this a Drydock server?', { cause });
  }
}

async function refusal(answer: ApiDownload): Promise<RemoteError> {
  let problem: Json = {};
  try {
    problem = parse(await readAll(answer.body)) ?? {};
  } catch (error) {
    problem = { detail: messageOf(error) };
  }
  const message = problem.detail ?? problem.title ?? `the server answered ${answer.status}`;
  const hint = problem.hint ?? (answer.status === 401 ? 'Give --token-file, or DRYDOCK_TOKEN_FILE.' : undefined);
  return new RemoteError(answer.status, String(message), {
    ...(hint && { hint }),
    ...(problem.code && { remoteCode: String(problem.code) }),
  });
}
