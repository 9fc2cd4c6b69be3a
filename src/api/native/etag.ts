import { createHash } from 'node:crypto';

/** Strong entity tag of a JSON document: the same content has the same tag on every node. */
export function etagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** Whether a list of tags (`If-Match`, `If-None-Match`) names this one. Weak tags count only for `If-None-Match`. */
export function matchesTag(header: string, etag: string, weak: boolean): boolean {
  return header
    .split(',')
    .map((tag) => tag.trim())
    .some((tag) => tag === '*' || tag === etag || (weak && tag === `W/${etag}`));
}

/** Runs what is given for one key one after the other, so that "compare, then change" cannot be interleaved. */
export function createKeyedLock(): <T>(key: string, run: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, run) => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(run, run);
    const settled = mine.catch(() => undefined);
    tails.set(key, settled);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === settled) tails.delete(key);
    }
  };
}
