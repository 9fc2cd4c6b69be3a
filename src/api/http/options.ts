/** Bounds of the HTTP server, in bytes and milliseconds. */
export interface ServerLimits {
  /** Request line and headers together; long query strings of the Alibaba clients need it. */
  readonly headerBytes: number;
  /** Time for the headers of a request to arrive completely. */
  readonly headersMs: number;
  /** Time for a whole request to arrive. */
  readonly requestMs: number;
  /** Silence on a connection with an answer under way. */
  readonly idleMs: number;
  /** How long an idle connection is kept for the next request; the facades announce 25 s. */
  readonly keepAliveMs: number;
  readonly connections: number;
  /** Requests of one client address: sustained per second, and in one burst. 0 = no limit. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
}

/** Bounds that suit a server in a private network. */
export const defaultServerLimits: ServerLimits = {
  headerBytes: 256 * 1024,
  headersMs: 20_000,
  requestMs: 120_000,
  idleMs: 120_000,
  keepAliveMs: 65_000,
  connections: 4096,
  requestsPerSecond: 300,
  requestBurst: 3000,
};

/** Who may read `/metrics`. */
export interface MetricsAccess {
  /** Addresses and networks in CIDR notation. */
  readonly allow: readonly string[];
  /** Bearer token that opens it from anywhere; null = none. */
  readonly token: string | null;
}

/** Certificate and key in PEM files; they are read again when they change. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** How the server listens and what it trusts. Nothing is read from the environment. */
export interface ServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly tls: TlsFiles | null;
  /** Addresses and networks of reverse proxies whose `X-Forwarded-*` count; empty = nobody's. */
  readonly trustedProxies: readonly string[];
  readonly limits: ServerLimits;
  readonly metrics: MetricsAccess;
  /** Folder with the built console; null = none. */
  readonly consoleDir: string | null;
  /** Version of Drydock, told by `/` and metrics. */
  readonly version: string;
}

/** Loopback without TLS, no proxies, metrics for loopback only. */
export const defaultServerOptions: ServerOptions = {
  host: '127.0.0.1',
  port: 8480,
  tls: null,
  trustedProxies: [],
  limits: defaultServerLimits,
  metrics: { allow: ['127.0.0.0/8', '::1/128'], token: null },
  consoleDir: null,
  version: '0.0.0',
};
