import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { messageOf } from '../../../kernel/index.ts';
import { ReplyReader } from './replies.ts';
import { SessionError } from './verdict.ts';

/** How long things may take, in ms. */
export interface SessionTimes {
  /** Without the daemon taking any byte. */
  readonly sendMs: number;
  /** From the last byte of a file to its reply. */
  readonly replyMs: number;
}

interface Waiting {
  resolve(text: string): void;
  reject(error: SessionError): void;
}

/** So much of a file is sent before the daemon is listened to. */
const turnBytes = 64 * 1024;

/** A daemon that closes after this much of one file has a smaller limit than it is believed to have. */
const limitSuspicion = 1024 * 1024;

/**
 * One connection in session mode: files go out one after the other, replies come back in any order and carry the number of
 * what they answer. A reply to something else than what waits ends the session: nothing that it says can be trusted then.
 */
export class ClamdSession {
  readonly #socket: Socket;
  readonly #times: SessionTimes;
  readonly #waiting = new Map<number, Waiting>();
  readonly #reader = new ReplyReader();
  #commands = 0;
  /** Whether a file is on its way, or about to be. */
  #sending = false;
  /** Number of the file whose end has not been sent; 0 when there is none. */
  #unended = 0;
  #failure: SessionError | undefined;
  #onDrain: (() => void) | undefined;

  constructor(socket: Socket, times: SessionTimes) {
    this.#socket = socket;
    this.#times = times;
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('drain', () => this.#onDrain?.());
    socket.on('error', (error) => this.#fail(lost(messageOf(error))));
    socket.on('close', () => this.#fail(lost('closed')));
    socket.write('zIDSESSION\0');
  }

  get alive(): boolean {
    return this.#failure === undefined;
  }

  /** Whether a file is on its way: no other one can be sent meanwhile. */
  get sending(): boolean {
    return this.#sending;
  }

  /** Keeps the session for the file that is scanned next. */
  reserve(): this {
    this.#sending = true;
    return this;
  }

  /** Files whose reply is still to come. */
  get outstanding(): number {
    return this.#waiting.size;
  }

  /**
   * Sends one file and waits for its reply. `released` is called when the next file may be sent.
   * @throws SessionError when the connection is lost; what the content throws, the session goes on then
   */
  async scan(content: AsyncIterable<Uint8Array>, released: () => void): Promise<string> {
    const number = ++this.#commands;
    this.#sending = true;
    this.#unended = number;
    const reply = new Promise<string>((resolve, reject) => this.#waiting.set(number, { resolve, reject }));
    let answer: string | undefined;
    // A lost connection is told below; until then it must not count as unhandled.
    reply.then(
      (text) => {
        answer = text;
      },
      () => {},
    );
    try {
      await this.#send(number, content);
    } catch (error) {
      // What was said before the connection was lost has been said: mostly that the file is too large.
      await turn();
      if (answer === undefined || !(error instanceof SessionError)) throw error;
    } finally {
      this.#sending = false;
      released();
    }
    return this.#inTime(reply);
  }

  /** Says goodbye. */
  end(): void {
    this.#failure ??= lost('ended');
    this.#socket.end('zEND\0');
    this.#socket.unref();
  }

  /** Closes at once. */
  destroy(): void {
    this.#fail(lost('ended'));
  }

  /** A connection that nobody waits for must not keep the process alive. */
  hold(isHeld: boolean): void {
    if (this.#failure !== undefined) return;
    if (isHeld) this.#socket.ref();
    else this.#socket.unref();
  }

  async #send(number: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    let sent = 0;
    // A small file is one write to the system, not three.
    this.#socket.cork();
    await this.#write(Buffer.from('zINSTREAM\0'), sent);
    try {
      for await (const chunk of content) {
        if (this.#failure !== undefined) throw this.#lostAfter(sent);
        // Answered before its end: the daemon has had enough, and closes.
        if (!this.#waiting.has(number)) break;
        if (chunk.length === 0) continue;
        const framed = Buffer.allocUnsafe(4 + chunk.length);
        framed.writeUInt32BE(chunk.length, 0);
        framed.set(chunk, 4);
        await this.#write(framed, sent);
        sent += chunk.length;
      }
    } finally {
      // Also for content that broke off: the connection stays in step, the reply is of no interest.
      this.#unended = 0;
      if (this.alive && this.#waiting.has(number)) await this.#write(Buffer.alloc(4), sent);
      this.#socket.uncork();
    }
  }

  async #write(bytes: Buffer, sent: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#lostAfter(sent);
    if (this.#socket.write(bytes)) {
      // A daemon that refuses is heard before more is sent into a closed connection.
      if (sent > turnBytes) await turn();
      return;
    }
    this.#socket.uncork();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      const why = `the daemon has taken no data for ${this.#times.sendMs / 1000} s`;
      this.#fail(new SessionError('engine_timeout', why));
      reject(this.#failure);
    }, this.#times.sendMs);
    this.#onDrain = resolve;
    this.#socket.once('close', resolve);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#onDrain = undefined;
      this.#socket.off('close', resolve);
    }
    if (this.#failure !== undefined) throw this.#lostAfter(sent);
  }

  #lostAfter(sent: number): SessionError {
    const failure = this.#failure ?? lost('closed');
    if (sent < limitSuspicion || failure.code !== 'engine_unreachable') return failure;
    const why = `the daemon closed the connection after ${sent} bytes: its StreamMaxLength is probably smaller`;
    return new SessionError('engine_limit', why, { cause: failure });
  }

  async #inTime(reply: Promise<string>): Promise<string> {
    const timer = setTimeout(() => {
      const why = `the daemon gave no answer within ${this.#times.replyMs / 1000} s`;
      this.#fail(new SessionError('engine_timeout', why));
    }, this.#times.replyMs);
    try {
      return await reply;
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(bytes: Buffer): void {
    if (this.#failure !== undefined) return;
    const replies = this.#reader.feed(bytes);
    if (replies === undefined) this.#distrust('the daemon sends an endless reply');
    for (const { number, text } of replies ?? []) {
      const waiting = number === null ? undefined : this.#waiting.get(number);
      // Only a refusal can come before all of the file is there.
      const early = number === this.#unended && !/ERROR$/.test(text.trim());
      if (number === null || waiting === undefined || early) {
        const shown = JSON.stringify(text.slice(0, 100));
        this.#distrust(`the daemon answers what was not asked: ${shown}`);
        return;
      }
      this.#waiting.delete(number);
      waiting.resolve(text);
    }
  }

  #distrust(why: string): void {
    this.#fail(new SessionError('engine_failed', why));
  }

  #fail(failure: SessionError): void {
    if (this.#failure === undefined) this.#failure = failure;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(this.#failure);
    this.#socket.destroy();
  }
}

function lost(why: string): SessionError {
  return new SessionError('engine_unreachable', `the connection to the daemon was lost (${why})`, { retryable: true });
}
