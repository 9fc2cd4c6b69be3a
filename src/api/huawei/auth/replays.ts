import type { AccessControl } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/index.ts';

/** An answer that was given, to be given again to a client that repeats the very same request. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** Twice the window of `X-Sdk-Date`: a date may be as far in the future as in the past. */
const windowMs = 30 * 60_000;
const maxAnswers = 10_000;
const maxPayload = 4096;

interface Waiting {
  readonly answer: Promise<StoredAnswer | null>;
  readonly until: number;
  settle(answer: StoredAnswer | null): void;
}

/**
 * Writes count once: the same signature seen again on anything but GET changes nothing. Where this process gave the first
 * answer it gives it again, so that a client that lost the answer may retry; elsewhere the repetition is refused.
 */
export class ReplayGuard {
  readonly #access: AccessControl;
  readonly #clock: Clock;
  readonly #answers = new Map<string, Waiting>();

  constructor(access: AccessControl, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
  }

  /** `first` = go on, and call `store` with the answer; an answer = send that; null = refuse. */
  async enter(accessKeyId: string, signature: string): Promise<'first' | StoredAnswer | null> {
    const name = `${accessKeyId} ${signature}`;
    const known = this.#answers.get(name);
    if (known !== undefined) return known.answer;
    const { promise, resolve } = Promise.withResolvers<StoredAnswer | null>();
    // Before the first await, so that two of the same at a time meet here.
    this.#answers.set(name, { answer: promise, until: this.#clock.now().getTime() + windowMs, settle: resolve });
    this.#prune();
    let fresh = false;
    try {
      fresh = await this.#access.useNonce(accessKeyId, `hss:${signature}`, windowMs);
    } finally {
      if (!fresh) this.#drop(name);
    }
    return fresh ? 'first' : null;
  }

  /** Remembers an answer. Answers about our own faults are forgotten, and so are large ones. */
  store(accessKeyId: string, signature: string, answer: StoredAnswer): void {
    const name = `${accessKeyId} ${signature}`;
    const keep = answer.status < 500 && answer.payload.length <= maxPayload;
    this.#answers.get(name)?.settle(keep ? answer : null);
    if (!keep) this.#drop(name);
  }

  #drop(name: string): void {
    this.#answers.get(name)?.settle(null);
    this.#answers.delete(name);
  }

  #prune(): void {
    const now = this.#clock.now().getTime();
    for (const [name, { until }] of this.#answers) {
      if (until > now && this.#answers.size <= maxAnswers) break;
      this.#drop(name);
    }
  }
}
