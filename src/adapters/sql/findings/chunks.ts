/** How many values stand in one IN list: far below what either engine takes. */
const chunkSize = 500;

/**
 * Values in chunks for IN lists, each filled up with its last value to one of a few lengths: every length is a statement of
 * its own, and these stay prepared.
 */
export function* inLists<T>(values: Iterable<T>): Generator<T[]> {
  const all = [...values];
  for (let at = 0; at < all.length; at += chunkSize) {
    const chunk = all.slice(at, at + chunkSize);
    const last = chunk[chunk.length - 1] as T;
    const length = Math.min(chunkSize, 4 ** Math.ceil(Math.log(chunk.length) / Math.log(4) - 1e-9));
    while (chunk.length < length) chunk.push(last);
    yield chunk;
  }
}

/** The distinct values of a list, without null. */
export function distinct<T>(values: Iterable<T | null>): T[] {
  const set = new Set(values);
  set.delete(null);
  return [...set] as T[];
}

/** Bytes as a text that is equal exactly when they are, for keys of maps. */
export function byteKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
