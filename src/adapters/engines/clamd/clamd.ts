import { EngineError, type OutsideEngine, type OutsideVerdict, type ScannedFile } from '../../../detectors/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import { parseClamdAddress } from './address.ts';
import { type ClamdTarget, connectClamd, unreachable } from './connect.ts';
import { type PoolLimits, SessionPool } from './session-pool.ts';
import { hitOf, incomplete, readReply, SessionError } from './verdict.ts';
import { ageConcern, askVersion, type ClamdVersion } from './version.ts';

/** How clamd is used. */
export interface ClamdOptions {
  /** `unix:/path` or `tcp://host:port`. */
  readonly address: string;
  readonly clock: Clock;
  /** Networks that may be talked to although they are neither private nor on this machine; CIDR. */
  readonly allow?: readonly string[];
  /**
   * The smaller of StreamMaxLength and MaxFileSize of the daemon: it passes larger files without looking at them, so they
   * are not sent, and told as not looked at. Default: 25 MiB, as distributions configure it.
   */
  readonly maxFileBytes?: number;
  /** Age from which its database is told of as stale. */
  readonly maxAgeDays?: number;
  readonly limits?: Partial<PoolLimits & { readonly connectMs: number }>;
}

/** Bounds of talking to a daemon; times in ms. */
export const clamdLimits = {
  sessions: 4,
  outstanding: 8,
  connectMs: 5_000,
  sendMs: 30_000,
  /** The daemon itself stops after MaxScanTime, 120 s. */
  replyMs: 150_000,
  idleMs: 5_000,
  downMs: 30_000,
  retryMs: 500,
} as const;

const defaultFileBytes = 25 * 1024 ** 2;
const defaultAgeDays = 7;

/** Files up to this size are kept until they are answered, so that a lost connection costs nothing but another one. */
const heldBytes = 256 * 1024;

/** A client of clamd; disposing it says goodbye. @throws EngineError `engine_address_invalid` */
export function createClamd(options: ClamdOptions): OutsideEngine & AsyncDisposable {
  return new Clamd(options);
}

class Clamd implements OutsideEngine, AsyncDisposable {
  readonly id = 'clamd';
  readonly #options: ClamdOptions;
  readonly #target: ClamdTarget;
  readonly #pool: SessionPool;
  readonly #maxBytes: number;
  #version: ClamdVersion | undefined;

  constructor(options: ClamdOptions) {
    const limits = { ...clamdLimits, ...options.limits };
    const { connectMs } = limits;
    this.#options = options;
    this.#target = { address: parseClamdAddress(options.address), allow: options.allow ?? [], connectMs };
    this.#pool = new SessionPool(this.#target, limits);
    this.#maxBytes = options.maxFileBytes ?? defaultFileBytes;
  }

  async version(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const socket = await connectClamd(this.#target);
    const stop = (): unknown => socket.destroy(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#version = await askVersion(socket, this.#target.connectMs);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof EngineError ? error : unreachable(this.#target.address, 'it does not answer', error);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    const { engine, database, date } = this.#version;
    // Signatures of the owner have no version: what they said is believed for a day.
    const data = database === null ? `own ${dayOf(this.#options.clock.now())}` : `${database} ${date && dayOf(date)}`;
    return `ClamAV ${engine} ${data} up to ${this.#maxBytes}`;
  }

  concern(now: Date) {
    const days = this.#options.maxAgeDays ?? defaultAgeDays;
    return this.#version === undefined ? null : ageConcern(this.#version, now, days);
  }

  async scan(file: ScannedFile, content: AsyncIterable<Uint8Array>): Promise<OutsideVerdict> {
    const { path, size } = file;
    const tooLarge = incomplete(
      path,
      'engine_limit',
      `it is larger than the ${this.#maxBytes} bytes that clamd is used for`,
    );
    if (size > this.#maxBytes) return { hits: [], incomplete: tooLarge };
    const body = new Body(content, this.#maxBytes);
    try {
      const verdict = await this.#ask(path, body);
      return body.isCut ? { ...verdict, incomplete: tooLarge } : verdict;
    } finally {
      await body.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  async #ask(path: string, body: Body): Promise<OutsideVerdict> {
    await body.hold(heldBytes);
    for (let attempt = 1; ; attempt++) {
      try {
        return verdictOf(path, await this.#pool.scan(() => body.chunks()));
      } catch (error) {
        if (!(error instanceof SessionError)) throw error;
        if (attempt < 2 && error.retryable && body.isWhole) continue;
        return { hits: [], incomplete: incomplete(path, error.code, error.message) };
      }
    }
  }
}

function verdictOf(path: string, text: string): OutsideVerdict {
  const reply = readReply(text);
  if (reply.kind === 'clean') return { hits: [], incomplete: null };
  if (reply.kind === 'found') return { hits: [hitOf(reply.signature)], incomplete: null };
  return { hits: [], incomplete: incomplete(path, reply.code, reply.why) };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The bytes of a file: the first of them are held, so that a small file can be sent twice. */
class Body {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #held: Buffer[] = [];
  #left: number;
  #isDone = false;
  /** Whether all of it is held. */
  isWhole = false;
  /** Whether there was more than is sent. */
  isCut = false;

  constructor(content: AsyncIterable<Uint8Array>, maxBytes: number) {
    this.#source = content[Symbol.asyncIterator]();
    this.#left = maxBytes;
  }

  /** Reads until so many bytes are held. */
  async hold(bytes: number): Promise<void> {
    for (let held = 0; held < bytes; ) {
      const chunk = await this.#next();
      if (chunk === undefined) {
        this.isWhole = true;
        return;
      }
      // The bytes belong to whoever reads the layer.
      this.#held.push(Buffer.from(chunk));
      held += chunk.length;
    }
  }

  /** What is held, then the rest, which comes only once. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    yield* this.#held;
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) yield chunk;
  }

  /** Nothing more is read. */
  async close(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#source.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#isDone) return undefined;
    const { value, done } = await this.#source.next();
    if (done === true) {
      this.#isDone = true;
      return undefined;
    }
    const chunk: Uint8Array = value.length > this.#left ? value.subarray(0, this.#left) : value;
    this.#left -= chunk.length;
    if (chunk.length < value.length) {
      this.isCut = true;
      await this.close();
    }
    return chunk;
  }
}
