/** A bounded table of token buckets: one for each client address. */
export interface RateLimiter {
  /** Takes one request; ms to wait when there is none left, 0 = go on. */
  take(key: string, now: number): number;
}

const maxKeys = 20_000;

/**
 * Token buckets with `perSecond` refill and room for `burst` requests. When the table is full the bucket that was idle
 * longest goes, so that many addresses cost no memory.
 */
export function createRateLimiter(perSecond: number, burst: number): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key, now) {
      if (perSecond <= 0) return 0;
      const old = buckets.get(key);
      const tokens = old === undefined ? burst : Math.min(burst, old.tokens + ((now - old.at) / 1000) * perSecond);
      buckets.delete(key);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
      if (buckets.size > maxKeys) {
        const oldest = buckets.keys().next();
        if (!oldest.done) buckets.delete(oldest.value);
      }
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
    },
  };
}
