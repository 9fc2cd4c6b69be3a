import type { FastifyInstance } from 'fastify';

/** What a mount may look at to say whether a request is its own: nothing of the body. */
export interface RequestHead {
  readonly method: string;
  /** Path without the query, still encoded; begins with `/`. */
  readonly path: string;
  /** Text behind `?`, still encoded; empty when there is none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Why the server itself refuses a request, before or instead of a facade. */
export type RefusalCode =
  | 'bad_request'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'body_too_large'
  | 'uri_too_long'
  | 'headers_too_large'
  | 'unsupported_media_type'
  | 'expectation_failed'
  | 'rate_limited'
  | 'internal'
  | 'unavailable';

/** A refusal in no vocabulary; every mount says it in its own. */
export interface Refusal {
  readonly code: RefusalCode;
  /** HTTP status as RFC 9110 has it; a mount may answer with another. */
  readonly status: number;
  /** One sentence; holds nothing of the request that could be secret. */
  readonly detail: string;
  readonly requestId: string;
  /** Host that the client addressed, as the facades echo it; empty when unknown. */
  readonly host: string;
  readonly retryAfterMs?: number;
}

/** A refusal in the vocabulary of a mount. The body is never empty. */
export interface RefusalAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * One API on the shared port. It is registered as an encapsulated plug-in: parsers, hooks and error handlers stay its
 * own, and its routes match only requests that it owns, so that two mounts may share a path.
 */
export interface Mount {
  /** Label of metrics and logs: `native`, `alibaba`, `huawei`. */
  readonly name: string;
  /** The first mount that owns a request answers it, also when it has no route for it. */
  owns(head: RequestHead): boolean;
  /** Bytes that a request body may have, unless a route says otherwise. */
  readonly bodyLimit: number;
  readonly plugin: (app: FastifyInstance) => Promise<void>;
  refuse(refusal: Refusal): RefusalAnswer;
  /** Methods that a path of this mount knows, for 405 and `Allow`; empty = the path is unknown. */
  allowedMethods?(path: string): readonly string[];
}

/** Result of one check of `/readyz`. Only `fail` takes the process out of rotation. */
export interface ReadyResult {
  readonly state: 'ok' | 'warn' | 'fail';
  /** One sentence when the state is not `ok`. */
  readonly reason: string | null;
}

/** One thing that must be well before requests are sent here. */
export interface ReadyCheck {
  readonly name: string;
  check(signal: AbortSignal): Promise<ReadyResult>;
}

/** One number with its labels, as a source of gauges reports it. */
export interface GaugeSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A gauge that is read when metrics are scraped: queue lengths, sizes of indexes, ages. */
export interface GaugeSource {
  /** Prometheus name without the prefix `drydock_`. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  read(): Promise<readonly GaugeSample[]>;
}
