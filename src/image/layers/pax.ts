import { decodeName } from './names.ts';

/** Attributes of a PAX extended header: values are bytes, because names need not be UTF-8 and xattrs are not text. */
export type PaxRecords = ReadonlyMap<string, Uint8Array>;

const newline = 0x0a;
const equals = 0x3d;
const space = 0x20;

/**
 * Reads `<length> <key>=<value>\n` records (POSIX pax). Undefined when the block is malformed: what it says about
 * the size or name of its entry cannot be trusted then.
 */
export function parsePax(bytes: Uint8Array): PaxRecords | undefined {
  const records = new Map<string, Uint8Array>();
  let at = 0;
  while (at < bytes.length) {
    // Some writers fill the rest of the block with NULs although the size says otherwise.
    if (bytes[at] === 0) return bytes.subarray(at).every((byte) => byte === 0) ? records : undefined;
    let length = 0;
    let i = at;
    for (; i < bytes.length && i - at < 10 && bytes[i] !== space; i++) {
      const digit = (bytes[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      length = length * 10 + digit;
    }
    const end = at + length;
    if (bytes[i] !== space || end > bytes.length || end <= i + 2 || bytes[end - 1] !== newline) return undefined;
    const separator = bytes.indexOf(equals, i + 1);
    if (separator < 0 || separator >= end || separator === i + 1) return undefined;
    records.set(decodeName(bytes.subarray(i + 1, separator)), bytes.slice(separator + 1, end - 1));
    at = end;
  }
  return records;
}

/** A decimal number of a record, fractions cut downwards; undefined when absent, empty or not a number. */
export function paxNumber(records: PaxRecords, key: string): number | undefined {
  const bytes = records.get(key);
  if (bytes === undefined || bytes.length === 0 || bytes.length > 40) return undefined;
  const text = Buffer.from(bytes).toString('latin1');
  if (!/^-?[0-9]+(\.[0-9]*)?$/.test(text)) return undefined;
  return Math.floor(Number(text));
}

/** Extended attributes, by both spellings in use; undefined when there are none. */
export function paxXattrs(records: PaxRecords): ReadonlyMap<string, Uint8Array> | undefined {
  let xattrs: Map<string, Uint8Array> | undefined;
  for (const [key, value] of records) {
    if (key.startsWith('SCHILY.xattr.')) {
      xattrs ??= new Map();
      xattrs.set(key.slice('SCHILY.xattr.'.length), value);
    } else if (key.startsWith('LIBARCHIVE.xattr.')) {
      xattrs ??= new Map();
      const name = percentDecoded(key.slice('LIBARCHIVE.xattr.'.length));
      // The other spelling wins where both are present: it needs no decoding, so it cannot be read in two ways.
      if (!records.has(`SCHILY.xattr.${name}`)) {
        xattrs.set(name, Buffer.from(Buffer.from(value).toString('latin1'), 'base64'));
      }
    }
  }
  return xattrs;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Global records with later ones laid over them; undefined when together they are larger than `maxBytes`. */
export function mergeGlobal(
  before: PaxRecords | undefined,
  after: PaxRecords,
  maxBytes: number,
): PaxRecords | undefined {
  const merged = new Map([...(before ?? []), ...after]);
  let total = 0;
  for (const [key, value] of merged) total += key.length + value.length;
  return total <= maxBytes ? merged : undefined;
}
