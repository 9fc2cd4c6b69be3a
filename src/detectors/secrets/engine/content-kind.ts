/** How the bytes of a file are read as text: as they are, as UTF-16, as printable runs of compiled Python, or not at all. */
export type ContentKind = 'text' | 'utf-16le' | 'utf-16be' | 'compiled' | 'binary';

/** Bytes by which the kind is decided. */
export const kindBytes = 8192;

/** Kind of a file by its name and its first bytes: text has no NUL there (risks.md §4.1). */
export function kindOf(path: string, head: Buffer): ContentKind {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (path.endsWith('.pyc')) return 'compiled';
  return head.subarray(0, kindBytes).includes(0) ? 'binary' : 'text';
}

/** One byte for a UTF-16 unit: Latin-1 stays, the rest becomes 0x1a, which is in no secret. */
export function narrow(first: number, second: number, bigEndian: boolean): number {
  const [high, low] = bigEndian ? [first, second] : [second, first];
  return high === 0 ? low : 0x1a;
}

const newline = 0x0a;
const isPrintable = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte === 0x09;

/**
 * Keeps the printable runs of compiled Python and makes ends of lines of all else, in place. In front of a short string its
 * type and length stand as bytes that can look like letters (marshal: `z`, `Z`); they are taken away, or the first
 * letters of a token would not be its first.
 */
export function keepPrintable(bytes: Buffer, to: number): void {
  for (let i = 0; i < to; i++) {
    const byte = bytes[i] as number;
    if ((byte & 0x5f) === 0x5a && isShortString(bytes, i, to)) {
      bytes[i] = newline;
      bytes[i + 1] = newline;
      i++;
    } else if (!isPrintable(byte)) bytes[i] = newline;
  }
}

function isShortString(bytes: Buffer, at: number, to: number): boolean {
  const length = bytes[at + 1] ?? 0;
  if (length < 4 || at + 2 + length > to) return false;
  for (let i = at + 2; i < at + 2 + length; i++) if (!isPrintable(bytes[i] as number)) return false;
  return true;
}
