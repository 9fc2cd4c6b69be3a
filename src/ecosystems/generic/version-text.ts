/** What a version looks like, and what must follow it: nothing else is certain. */
export interface VersionShape {
  /** Numbers, at least and at most. */
  readonly least: number;
  readonly most: number;
  /** Words of which one may follow with digits (`rc1`). */
  readonly words?: readonly string[];
  /** One small letter may follow (OpenSSL). */
  readonly letter?: true;
  /** Characters of which one must follow. */
  readonly ends: string;
}

const maxDigits = 5;

/** Reads a version at a position. */
export function versionAt(bytes: Buffer, at: number, shape: VersionShape): string | undefined {
  let stop = numbersEnd(bytes, at, shape.least, shape.most);
  if (stop === undefined) return undefined;
  for (const word of shape.words ?? []) {
    const digits = stop + word.length;
    if (bytes.toString('latin1', stop, digits) !== word || !isDigit(bytes[digits])) continue;
    stop = digits;
    while (isDigit(bytes[stop]) && stop - digits < maxDigits) stop++;
    break;
  }
  if (shape.letter && isSmallLetter(bytes[stop])) stop++;
  const next = bytes[stop];
  return next !== undefined && shape.ends.includes(String.fromCharCode(next))
    ? bytes.toString('latin1', at, stop)
    : undefined;
}

/** Where numbers with dots between them end; undefined when there are too few, or one is too long. */
export function numbersEnd(bytes: Buffer, at: number, least: number, most: number): number | undefined {
  let stop = at;
  let parts = 0;
  while (parts < most) {
    if (parts > 0 && bytes[stop] !== 0x2e) break;
    const start = parts === 0 ? stop : stop + 1;
    let i = start;
    while (isDigit(bytes[i]) && i - start <= maxDigits) i++;
    if (i === start) break;
    if (i - start > maxDigits) return undefined;
    stop = i;
    parts++;
  }
  return parts >= least ? stop : undefined;
}

/** Start of the digits and dots that end right before a position. */
export function numbersStart(bytes: Buffer, end: number): number {
  let start = end;
  while (start > 0 && end - start < 24 && (isDigit(bytes[start - 1]) || bytes[start - 1] === 0x2e)) start--;
  return start;
}

/** Whether a byte is an ASCII digit. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isSmallLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte <= 0x7a;
}
