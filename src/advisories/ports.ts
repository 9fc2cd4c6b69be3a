/** One answered GET. The body must be read or cancelled. */
export interface HttpResponse {
  readonly status: 200 | 304 | 404;
  /** A header's value by lower-case name. */
  header(name: string): string | undefined;
  /** Decoded bytes as sent; fails with `feed_too_large` beyond the limit of the request. */
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): Promise<void>;
}

/**
 * Plain HTTP GET for feeds. An implementation follows at most five redirects, never from https to http, and bounds
 * every answer. Other statuses than 200, 304 and 404 are thrown as `feed_unavailable`, `retryable` where it may help.
 */
export interface HttpFetcher {
  get(url: URL, request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}
