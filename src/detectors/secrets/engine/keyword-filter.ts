/**
 * Finds keywords of four and more bytes in any case, in one pass over bytes: a small table answers for every four bytes
 * whether a keyword could start there. Measured against an automaton of all keywords: docs/performance.md, "Sensitive files".
 */
export interface KeywordFilter {
  /**
   * Calls back for every keyword that starts at a position in [from, to) and ends before `end`, in order of positions.
   * @param hit gets the keyword's number and position; false ends the search.
   */
  search(
    bytes: Uint8Array,
    from: number,
    to: number,
    end: number,
    hit: (keyword: number, at: number) => boolean,
  ): boolean;
}

const tableBits = 14;
const shift = 32 - tableBits;
/** Makes upper and lower case of letters equal; other characters may fall together too, so candidates are compared. */
const fold = 0x20202020;
const multiplier = 0x9e3779b1;

/** @param keywords lower case, Latin-1, at least four characters each. */
export function keywordFilter(keywords: readonly string[]): KeywordFilter {
  const table = new Uint8Array(1 << tableBits);
  const buckets = new Map<number, { readonly number: number; readonly bytes: Uint8Array }[]>();
  keywords.forEach((keyword, number) => {
    const bytes = Buffer.from(keyword, 'latin1');
    if (bytes.length < 4) throw new RangeError(`keyword of fewer than four bytes: ${keyword}`);
    const first = bytes.readInt32BE(0) | fold;
    table[Math.imul(first, multiplier) >>> shift] = 1;
    const bucket = buckets.get(first) ?? [];
    bucket.push({ number, bytes });
    buckets.set(first, bucket);
  });
  return {
    search(bytes, from, to, end, hit) {
      let last = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0) | 0;
      const stop = Math.min(to + 3, end);
      for (let at = from + 3; at < stop; at++) {
        last = (last << 8) | (bytes[at] as number);
        if (table[Math.imul(last | fold, multiplier) >>> shift] === 0) continue;
        for (const { number, bytes: keyword } of buckets.get(last | fold) ?? []) {
          if (at - 3 + keyword.length <= end && isAt(bytes, at - 3, keyword) && !hit(number, at - 3)) return false;
        }
      }
      return true;
    },
  };
}

function isAt(bytes: Uint8Array, at: number, keyword: Uint8Array): boolean {
  for (let i = 0; i < keyword.length; i++) {
    const byte = bytes[at + i] as number;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (lower !== keyword[i]) return false;
  }
  return true;
}
