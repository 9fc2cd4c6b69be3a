import type { AccessStore } from './ports.ts';

/** How far `last used` may be behind, ms. */
const flushEveryMs = 60_000;

/** Remembers uses in memory and stores them now and then: a signed request must not cost a write. */
export class Usage {
  readonly #store: AccessStore;
  readonly #now: () => number;
  #keys = new Map<string, number>();
  #tokens = new Map<number, number>();
  #flushedAt: number;
  #flushing: Promise<void> = Promise.resolve();

  constructor(store: AccessStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#flushedAt = now();
  }

  key(id: string): void {
    this.#keys.set(id, this.#now());
    this.#flushWhenDue();
  }

  token(id: number): void {
    this.#tokens.set(id, this.#now());
    this.#flushWhenDue();
  }

  /** Resolves when everything that was noted before is stored. */
  flush(): Promise<void> {
    this.#flushedAt = this.#now();
    this.#flushing = this.#flushing.then(async () => {
      const keys = this.#keys;
      const tokens = this.#tokens;
      this.#keys = new Map();
      this.#tokens = new Map();
      // A lost update of "last used" is no reason to fail anything.
      if (keys.size + tokens.size > 0) await this.#store.touch(keys, tokens).catch(() => undefined);
    });
    return this.#flushing;
  }

  #flushWhenDue(): void {
    if (this.#now() - this.#flushedAt >= flushEveryMs) void this.flush();
  }
}
