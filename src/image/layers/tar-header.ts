/** The fields of one 512-byte tar header block, undecoded where they are names. */
export interface TarHeader {
  /** Type flag as a byte. */
  readonly flag: number;
  readonly name: Buffer;
  /** ustar prefix, empty when there is none. */
  readonly prefix: Buffer;
  readonly link: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Claimed size; anything beyond 2⁵³ is the largest safe integer. */
  readonly size: number;
  readonly mtime: number;
  readonly devMajor: number;
  readonly devMinor: number;
  /** Real size of an old GNU sparse file, and whether further sparse maps follow the header. */
  readonly sparse: { readonly realSize: number; readonly extended: boolean } | undefined;
}

/** Size of a tar block. */
export const blockSize = 512;

const empty = Buffer.alloc(0);

/** Whether a block holds only zeros. */
export function isZeroBlock(block: Buffer, at: number): boolean {
  if (block[at] !== 0) return false;
  for (let i = at; i < at + blockSize; i++) if (block[i] !== 0) return false;
  return true;
}

/**
 * Reads the header at `at`. Undefined when the checksum is wrong or the size is no number: nothing behind such a
 * header can be found again. Both the unsigned sum of the standard and the signed one of old writers are accepted.
 */
export function parseHeader(block: Buffer, at: number): TarHeader | undefined {
  if (!hasChecksum(block, at)) return undefined;
  const size = number(block, at + 124, 12);
  if (size === undefined || size < 0) return undefined;
  const flag = block[at + 156] ?? 0;
  const ustar = block.toString('latin1', at + 257, at + 262) === 'ustar';
  const gnu = ustar && block[at + 262] === 0x20;
  const devices = ustar && (flag === 0x33 || flag === 0x34);
  return {
    flag,
    name: text(block, at, 100),
    prefix: ustar && !gnu ? text(block, at + 345, isStar(block, at) ? 131 : 155) : empty,
    link: text(block, at + 157, 100),
    mode: (number(block, at + 100, 8) ?? 0) & 0o7777,
    uid: id(block, at + 108),
    gid: id(block, at + 116),
    size,
    mtime: number(block, at + 136, 12) ?? 0,
    devMajor: devices ? id(block, at + 329) : 0,
    devMinor: devices ? id(block, at + 337) : 0,
    sparse: flag === 0x53 ? { realSize: number(block, at + 483, 12) ?? 0, extended: block[at + 482] === 1 } : undefined,
  };
}

/** Names of an entry's owner, one character per byte; empty where the header has none. */
export interface OwnerNames {
  readonly user: string;
  readonly group: string;
}

/** Reads the owner's names of the header at `at`; the format before ustar has no such fields. */
export function readOwnerNames(block: Buffer, at: number): OwnerNames {
  if (block.toString('latin1', at + 257, at + 262) !== 'ustar') return { user: '', group: '' };
  return { user: text(block, at + 265, 32).toString('latin1'), group: text(block, at + 297, 32).toString('latin1') };
}

/** Joerg Schilling's star keeps times in the last bytes of the prefix field and says so at the end of the block. */
function isStar(block: Buffer, at: number): boolean {
  return block.toString('latin1', at + 508, at + 512) === 'tar\0';
}

function hasChecksum(block: Buffer, at: number): boolean {
  const stored = number(block, at + 148, 8);
  let sum = 0;
  let high = 0;
  for (let i = at; i < at + blockSize; i++) {
    const byte = block[i] as number;
    sum += byte;
    high += byte >> 7;
  }
  for (let i = at + 148; i < at + 156; i++) {
    const byte = block[i] as number;
    sum += 0x20 - byte;
    high -= byte >> 7;
  }
  return stored === sum || stored === sum - 256 * high;
}

function text(block: Buffer, at: number, length: number): Buffer {
  let end = at;
  while (end < at + length && block[end] !== 0) end++;
  return end === at ? empty : block.subarray(at, end);
}

function id(block: Buffer, at: number): number {
  const value = number(block, at, 8) ?? 0;
  return Math.max(0, value);
}

/** An octal or base-256 number; undefined when it is neither. */
function number(block: Buffer, at: number, length: number): number | undefined {
  if ((block[at] ?? 0) & 0x80) return base256(block, at, length);
  let i = at;
  const end = at + length;
  while (i < end && block[i] === 0x20) i++;
  let value = 0;
  for (; i < end; i++) {
    const byte = block[i] as number;
    if (byte === 0 || byte === 0x20) break;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + (byte - 0x30);
  }
  return value;
}

/** Two's complement of 7 bits in the first byte and 8 in each of the others. */
function base256(block: Buffer, at: number, length: number): number {
  const first = (block[at] as number) & 0x7f;
  let value = first & 0x40 ? first - 0x80 : first;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] as number);
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
