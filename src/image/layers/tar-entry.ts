import type { EntryType, FileEntry } from './contract.ts';
import { decodeName, normalisePath } from './names.ts';
import { type PaxRecords, paxNumber, paxXattrs } from './pax.ts';
import type { TarHeader } from './tar-header.ts';

/** What extension headers in front of an entry said about it. */
export interface EntryExtras {
  longName?: Buffer;
  longLink?: Buffer;
  pax?: PaxRecords;
  /** Why the entry cannot be trusted, when an extension was damaged or too large. */
  problem?: string;
}

/** An entry, or why it was rejected; `bodySize` must be passed over either way. */
export type MadeEntry =
  | {
      readonly entry: FileEntry;
      readonly bodySize: number;
      /** What the entry costs in memory: names, link and attributes. */
      readonly metadataBytes: number;
    }
  | {
      readonly entry: undefined;
      readonly bodySize: number;
      readonly problem: { readonly code: string; readonly path: string; readonly message: string };
    };

const types = new Map<number, EntryType>([
  [0x00, 'file'],
  [0x30, 'file'],
  [0x37, 'file'],
  [0x53, 'file'],
  [0x31, 'hardlink'],
  [0x32, 'symlink'],
  [0x33, 'char'],
  [0x34, 'block'],
  [0x35, 'directory'],
  [0x36, 'fifo'],
]);

const slash = 0x2f;

/**
 * Puts header and extensions together. Precedence as in the runtimes' unpackers: a GNU long name before PAX, PAX
 * before the header. Global PAX headers give ids, times and attributes only: names and sizes from there are ignored
 * by the runtimes, and a reader that honours them would see another image.
 */
export function makeEntry(
  header: TarHeader,
  extras: EntryExtras,
  global: PaxRecords | undefined,
  limits: { readonly pathBytes: number },
): MadeEntry {
  const pax = extras.pax;
  const name = extras.longName ?? nonEmpty(pax?.get('GNU.sparse.name')) ?? nonEmpty(pax?.get('path')) ?? joined(header);
  const type = header.flag === 0 && name[name.length - 1] === slash ? 'directory' : types.get(header.flag);
  const claimed = (pax && paxNumber(pax, 'size')) ?? header.size;
  // Only files have a body, whatever their size field says; an unknown kind is passed over like a file.
  const bodySize = type === undefined || type === 'file' ? Math.min(Math.max(0, claimed), Number.MAX_SAFE_INTEGER) : 0;
  const reject = (code: string, message: string): MadeEntry => ({
    entry: undefined,
    bodySize,
    problem: { code, path: decodeName(name.subarray(0, 500)), message },
  });

  if (extras.problem !== undefined) return reject('suspicious_archive', extras.problem);
  if (type === undefined) return reject('unsupported_entry', `unknown kind ${header.flag}`);
  const path = safePath(name, limits.pathBytes);
  if (typeof path !== 'string') return reject('suspicious_archive', path.problem);
  const target = extras.longLink ?? nonEmpty(pax?.get('linkpath')) ?? header.link;
  const link = linkOf(type, target, limits.pathBytes);
  if (typeof link === 'object') return reject('suspicious_archive', link.problem);
  const xattrs = xattrsOf(pax, global);
  const entry: FileEntry = {
    path,
    type,
    mode: header.mode,
    ...owner(header, pax, global),
    ...sizes(header, pax, type, bodySize),
    ...(link !== undefined && { link }),
    ...((type === 'char' || type === 'block') && { devMajor: header.devMajor, devMinor: header.devMinor }),
    ...(xattrs !== undefined && { xattrs }),
  };
  return { entry, bodySize, metadataBytes: 100 + name.length + target.length + sizeOfMap(xattrs) };
}

function joined({ prefix, name }: TarHeader): Buffer {
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

function nonEmpty(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes !== undefined && bytes.length > 0 ? bytes : undefined;
}

function safePath(name: Uint8Array, maxBytes: number): string | { problem: string } {
  if (name.length > maxBytes) return { problem: `its name has ${name.length} bytes` };
  if (name.includes(0)) return { problem: 'its name contains a NUL byte' };
  const path = normalisePath(decodeName(name));
  return path ?? { problem: 'its name leaves the root of the image' };
}

function linkOf(type: EntryType, target: Uint8Array, maxBytes: number): string | undefined | { problem: string } {
  if (type !== 'symlink' && type !== 'hardlink') return undefined;
  if (target.length > maxBytes) return { problem: `its link target has ${target.length} bytes` };
  if (target.includes(0)) return { problem: 'its link target contains a NUL byte' };
  const text = decodeName(target);
  if (type === 'symlink') return text;
  return normalisePath(text) ?? { problem: 'its hard link leaves the root of the image' };
}

function owner(
  header: TarHeader,
  pax: PaxRecords | undefined,
  global: PaxRecords | undefined,
): Pick<FileEntry, 'uid' | 'gid' | 'mtime'> {
  if (pax === undefined && global === undefined) return { uid: header.uid, gid: header.gid, mtime: header.mtime };
  const pick = (key: string): number | undefined => (pax && paxNumber(pax, key)) ?? (global && paxNumber(global, key));
  return {
    uid: Math.max(0, pick('uid') ?? header.uid),
    gid: Math.max(0, pick('gid') ?? header.gid),
    mtime: pick('mtime') ?? header.mtime,
  };
}

function sizes(
  header: TarHeader,
  pax: PaxRecords | undefined,
  type: EntryType,
  bodySize: number,
): Pick<FileEntry, 'size' | 'sparse'> {
  if (type !== 'file') return { size: 0 };
  if (header.sparse !== undefined) return { size: Math.max(0, header.sparse.realSize), sparse: true };
  if (pax !== undefined && (pax.has('GNU.sparse.major') || pax.has('GNU.sparse.size') || pax.has('GNU.sparse.map'))) {
    const real = paxNumber(pax, 'GNU.sparse.realsize') ?? paxNumber(pax, 'GNU.sparse.size') ?? bodySize;
    return { size: Math.max(0, Math.min(real, Number.MAX_SAFE_INTEGER)), sparse: true };
  }
  return { size: bodySize };
}

function xattrsOf(
  pax: PaxRecords | undefined,
  global: PaxRecords | undefined,
): ReadonlyMap<string, Uint8Array> | undefined {
  const own = pax && paxXattrs(pax);
  const shared = global && paxXattrs(global);
  return own !== undefined && shared !== undefined ? new Map([...shared, ...own]) : (own ?? shared);
}

function sizeOfMap(xattrs: ReadonlyMap<string, Uint8Array> | undefined): number {
  let total = 0;
  if (xattrs !== undefined) for (const [key, value] of xattrs) total += 100 + key.length + value.length;
  return total;
}

/** The name in the body of a GNU long-name header, which ends with NULs. */
export function withoutNuls(bytes: Buffer): Buffer {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return bytes.subarray(0, length);
}
