import type { Clock } from '../../kernel/index.ts';
import type { Terminal } from '../output/terminal.ts';

/** Any JSON answer of the native API; commands read the fields that the API's document promises. */
// biome-ignore lint/suspicious/noExplicitAny: the shapes are held by the OpenAPI document and its tests
export type Json = any;

/** One call of the native API. */
export interface ApiRequest {
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file that the API sends. */
export interface ApiDownload {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The native API, on a server or inside this process. Paths begin after `/api/v1`.
 * @throws RemoteError for every answer that is not a success, and when nothing answers
 */
export interface ApiClient extends AsyncDisposable {
  /** `embedded`, or the address of the server. */
  readonly place: string;
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, request?: ApiRequest): Promise<Json>;
  download(path: string, request?: ApiRequest): Promise<ApiDownload>;
  /** Embedded: works off what was queued until nothing is left; on a server: nothing to do. */
  settle(): Promise<void>;
}

/** Where the API is: the options that every command of this folder has. */
export interface PlaceOptions {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly format?: string;
  readonly json?: boolean;
}

/** What the commands over the API are given. */
export interface ApiDeps {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  openApi(options: PlaceOptions): Promise<ApiClient>;
  /** Content of a small file that the user named, or of standard input for `-`. */
  readText(path: string): Promise<string>;
  exit(code: number): void;
}

/** Aborted when the user interrupts. */
export type CommandSignal = AbortSignal;

/** Makes the dependencies of a command that was chosen. */
export type LoadApi = () => Promise<ApiDeps>;
