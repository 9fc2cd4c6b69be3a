import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../kernel/index.ts';
import { type ClamdTarget, connectClamd } from './connect.ts';
import { ClamdSession, type SessionTimes } from './session.ts';
import { SessionError } from './verdict.ts';

/** Bounds of what goes on with one daemon at a time. */
export interface PoolLimits extends SessionTimes {
  readonly sessions: number;
  /** Files of one session whose reply is still to come. */
  readonly outstanding: number;
  /** Idle sessions are closed after this: daemons do the same after 30 s, and less politely. */
  readonly idleMs: number;
  /** How long a daemon that could not be reached is taken for gone. */
  readonly downMs: number;
  /** Before the second of two attempts to connect. */
  readonly retryMs: number;
}

/** Sessions with one daemon: opened when needed, shared, closed when idle. */
export class SessionPool implements AsyncDisposable {
  readonly #target: ClamdTarget;
  readonly #limits: PoolLimits;
  readonly #sessions = new Map<ClamdSession, NodeJS.Timeout | undefined>();
  readonly #queue: (() => void)[] = [];
  #opening = 0;
  #downUntil = 0;
  #downWhy = '';

  constructor(target: ClamdTarget, limits: PoolLimits) {
    this.#target = target;
    this.#limits = limits;
  }

  /** Sends one file over a session that is free. @throws SessionError, what the content throws */
  async scan(content: () => AsyncIterable<Uint8Array>): Promise<string> {
    const session = await this.#acquire();
    this.#busy(session);
    try {
      return await session.scan(content(), () => this.#next());
    } finally {
      this.#rest(session);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [session, timer] of this.#sessions) {
      clearTimeout(timer);
      session.end();
    }
    this.#sessions.clear();
  }

  /** A session over which a file can be sent now, reserved for it. */
  async #acquire(): Promise<ClamdSession> {
    for (;;) {
      const free = this.#free();
      if (free?.outstanding === 0) return free.reserve();
      if (this.#sessions.size + this.#opening < this.#limits.sessions) return this.#open();
      if (free !== undefined) return free.reserve();
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
  }

  /** The session with the fewest files under way that can take another one. */
  #free(): ClamdSession | undefined {
    for (const session of this.#sessions.keys()) if (!session.alive) this.#sessions.delete(session);
    return [...this.#sessions.keys()]
      .filter(({ sending, outstanding }) => !sending && outstanding < this.#limits.outstanding)
      .sort((a, b) => a.outstanding - b.outstanding)[0];
  }

  async #open(): Promise<ClamdSession> {
    this.#opening++;
    try {
      if (performance.now() < this.#downUntil) throw new SessionError('engine_unreachable', this.#downWhy);
      const session = new ClamdSession(await this.#connected(), this.#limits);
      this.#sessions.set(session, undefined);
      return session.reserve();
    } finally {
      this.#opening--;
      this.#next();
    }
  }

  /** A new connection; a daemon that cannot be reached is not asked again for a while. */
  async #connected(): Promise<Socket> {
    try {
      return await this.#connect();
    } catch (cause) {
      this.#downUntil = performance.now() + this.#limits.downMs;
      this.#downWhy = messageOf(cause);
      throw new SessionError('engine_unreachable', this.#downWhy, { cause });
    }
  }

  async #connect(): Promise<Socket> {
    try {
      return await connectClamd(this.#target);
    } catch {
      // Daemons are away for a moment when they load new databases.
      await delay(this.#limits.retryMs);
      return connectClamd(this.#target);
    }
  }

  #busy(session: ClamdSession): void {
    clearTimeout(this.#sessions.get(session));
    session.hold(true);
  }

  #rest(session: ClamdSession): void {
    if (!session.alive) this.#sessions.delete(session);
    else if (session.outstanding === 0 && !session.sending) {
      session.hold(false);
      // Files that were under way together rest one after the other.
      clearTimeout(this.#sessions.get(session));
      const timer = setTimeout(() => {
        this.#sessions.delete(session);
        session.end();
      }, this.#limits.idleMs);
      this.#sessions.set(session, timer.unref());
    }
    this.#next();
  }

  #next(): void {
    this.#queue.shift()?.();
  }
}
