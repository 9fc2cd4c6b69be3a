/** How many requests a principal may send. */
export interface RequestBudget {
  /** At once. */
  readonly burst: number;
  /** In the long run. */
  readonly perSecond: number;
}

const maxBuckets = 10_000;

/** A bucket of tokens per principal, in this process. */
export class Throttle {
  readonly #budget: RequestBudget;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(budget: RequestBudget, now: () => number) {
    this.#budget = budget;
    this.#now = now;
  }

  /** Takes one token; ms to wait when there is none, else 0. */
  take(key: string): number {
    const { burst, perSecond } = this.#budget;
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    // The clock may be set back; a bucket never loses tokens by that.
    const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > maxBuckets) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
  }
}
