import type { Readable } from 'node:stream';

/** One HTTP exchange. A body that is a stream can be sent only once. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable | undefined;
  readonly signal: AbortSignal;
}

/** The head of an answer and its body, which the caller must read or discard. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header the first value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** Sends single requests: no redirects, no credentials, no repetition; those are the callers' business. */
export interface Transport {
  /**
   * @throws HttpError `address_denied`, `proxy_invalid`, `proxy_refused`, `proxy_unreachable`; the signal's reason; any
   * other error of the network or its library as it came
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** How fast a body must come: judged after every `rateWindowMs` of waiting. Time spent by the reader does not count. */
export interface Pace {
  readonly minBytesPerSecond: number;
  readonly rateWindowMs: number;
}

/** Bounds of every exchange with a server. */
export interface HttpLimits extends Pace {
  readonly connectMs: number;
  /** Longest wait for the head of an answer, counted anew whenever a part of the request was sent. */
  readonly headersMs: number;
  /** Longest pause between two pieces of a body. */
  readonly stallMs: number;
  readonly headerBytes: number;
}

/** Which proxy a request goes through. */
export interface ProxyRules {
  /** URL of the proxy, with its credentials; undefined: none. @throws HttpError `proxy_invalid` */
  proxyFor(url: URL): URL | undefined;
}
