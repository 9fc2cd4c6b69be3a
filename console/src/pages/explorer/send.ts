/** A request of the explorer; it goes to this server. */
export interface ExplorerRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Cookies go along: the request is made as the user. */
  readonly asUser: boolean;
}

/** What came back. */
export interface Outcome {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Text of the body; null for a file. */
  readonly text: string | null;
  readonly bytes: number;
  /** There was more, or it would never have ended. */
  readonly truncated: boolean;
  readonly durationMs: number;
}

const mostBytes = 1 << 20;
const longestMs = 30_000;
/** Streams of events never end: the first seconds tell enough. */
const longestStreamMs = 4000;
const readable = /json|text|xml|yaml|csv|javascript/;

/** Sends a request and reads the answer, up to a size and a time. @throws TypeError when there is no answer */
export async function send({ method, target, headers, body, asUser }: ExplorerRequest): Promise<Outcome> {
  const started = performance.now();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), longestMs);
  // `host` is what browsers set themselves, and nobody else may.
  const { host: _, ...own } = headers;
  try {
    const response = await fetch(target, {
      method,
      headers: own,
      credentials: asUser ? 'same-origin' : 'omit',
      cache: 'no-store',
      signal: stop.signal,
      ...(body === '' ? {} : { body }),
    });
    const type = response.headers.get('content-type') ?? '';
    const { chunks, bytes, truncated } = await read(response, type.startsWith('text/event-stream'));
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      text: bytes === 0 || readable.test(type) ? await new Blob(chunks).text() : null,
      bytes,
      truncated,
      durationMs: performance.now() - started,
    };
  } finally {
    clearTimeout(timer);
  }
}

async function read(response: Response, endless: boolean) {
  const reader = response.body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let truncated = false;
  if (reader === undefined) return { chunks, bytes, truncated };
  const timer = endless ? setTimeout(() => void reader.cancel(), longestStreamMs) : undefined;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    bytes += part.value.byteLength;
    if (bytes < mostBytes) continue;
    truncated = true;
    await reader.cancel();
    break;
  }
  clearTimeout(timer);
  return { chunks, bytes, truncated: truncated || endless };
}

/** A body as people read it: JSON is laid out, everything else stays. */
export function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
