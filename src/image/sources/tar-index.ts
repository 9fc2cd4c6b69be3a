import type { FileHandle } from 'node:fs/promises';
import { decodeName, normalisePath } from '../layers/names.ts';
import { type PaxRecords, parsePax, paxNumber } from '../layers/pax.ts';
import { blockSize, isZeroBlock, parseHeader, type TarHeader } from '../layers/tar-header.ts';
import { SourceError } from './errors.ts';
import { readRange } from './host-file.ts';

/** Where a member's bytes lie in the archive file. */
export interface TarMember {
  readonly offset: number;
  readonly size: number;
}

const maxMembers = 100_000;
const maxExtension = 1024 * 1024;
const maxLinkHops = 40;

const flags = {
  file: 0x30,
  oldFile: 0,
  hardlink: 0x31,
  symlink: 0x32,
  contiguous: 0x37,
  longName: 0x4c,
  longLink: 0x4b,
  pax: 0x78,
  paxGlobal: 0x67,
} as const;

/** Names of an archive's regular files with the place of their bytes; links lead to the file that they name. */
export type TarIndex = ReadonlyMap<string, TarMember>;

/**
 * Reads all headers of an uncompressed tar file once, jumping over the bodies, so that the members can be read in any
 * order later. Of several members with one name the last counts, as for every tar program.
 * @throws SourceError `compressed_archive`, `invalid_archive`
 */
export async function indexTar(file: FileHandle, path: string, signal: AbortSignal): Promise<TarIndex> {
  const { size: fileSize } = await file.stat();
  refuseCompressed(await readRange(file, 0, 4), path);
  const members = new Map<string, TarMember>();
  const links = new Map<string, string>();
  let pending: Extensions = {};
  let count = 0;
  for (let at = 0; at + blockSize <= fileSize; ) {
    signal.throwIfAborted();
    const block = await readRange(file, at, blockSize);
    if (isZeroBlock(block, 0)) break;
    const header = parseHeader(block, 0);
    if (header === undefined)
      throw new SourceError('invalid_archive', `${path} is not a tar archive, or a damaged one`);
    if (++count > maxMembers) throw new SourceError('invalid_archive', `${path} has more than ${maxMembers} members`);
    const body = at + blockSize;
    const own = hasBody(header) ? header.size : 0;
    const size = isExtension(header) ? own : (pending.size ?? own);
    if (size > fileSize - body) throw new SourceError('invalid_archive', `${path} is truncated`);
    at = body + Math.ceil(size / blockSize) * blockSize;
    const extension = await readExtension(file, header, body, size, pending, path);
    if (extension !== undefined) {
      pending = extension;
      continue;
    }
    note(members, links, header, pending, { offset: body, size });
    pending = {};
  }
  if (count === 0) throw new SourceError('invalid_archive', `${path} is empty`);
  for (const name of links.keys()) {
    const target = followLinks(name, links, members);
    if (target) members.set(name, target);
  }
  return members;
}

/** What extension headers say about the member that follows them. */
interface Extensions {
  readonly name?: string;
  readonly link?: string;
  readonly size?: number;
}

function isExtension({ flag }: TarHeader): boolean {
  return flag === flags.longName || flag === flags.longLink || flag === flags.pax || flag === flags.paxGlobal;
}

function hasBody({ flag }: TarHeader): boolean {
  return flag !== flags.hardlink && flag !== flags.symlink && !(flag >= 0x33 && flag <= 0x36);
}

async function readExtension(
  file: FileHandle,
  header: TarHeader,
  offset: number,
  size: number,
  pending: Extensions,
  path: string,
): Promise<Extensions | undefined> {
  if (!isExtension(header)) return undefined;
  const { flag } = header;
  if (size > maxExtension) throw new SourceError('invalid_archive', `${path} has an oversized extension header`);
  const bytes = await readRange(file, offset, size);
  if (flag === flags.pax) {
    const records = parsePax(bytes);
    if (records === undefined) throw new SourceError('invalid_archive', `${path} has a malformed extension header`);
    return fromPax(records, pending);
  }
  if (flag === flags.paxGlobal) return pending;
  const end = bytes.indexOf(0);
  const text = decodeName(end < 0 ? bytes : bytes.subarray(0, end));
  return flag === flags.longName ? { ...pending, name: text } : { ...pending, link: text };
}

function fromPax(records: PaxRecords, pending: Extensions): Extensions {
  const text = (key: string): string | undefined => {
    const value = records.get(key);
    return value && decodeName(value);
  };
  const name = text('path') ?? pending.name;
  const link = text('linkpath') ?? pending.link;
  const size = paxNumber(records, 'size');
  return {
    ...(name === undefined ? {} : { name }),
    ...(link === undefined ? {} : { link }),
    ...(size === undefined || size < 0 ? {} : { size }),
  };
}

function note(
  members: Map<string, TarMember>,
  links: Map<string, string>,
  header: TarHeader,
  pending: Extensions,
  place: TarMember,
): void {
  const prefix = header.prefix.length === 0 ? '' : `${decodeName(header.prefix)}/`;
  const name = normalisePath(pending.name ?? prefix + decodeName(header.name));
  if (name === undefined || name === '') return;
  members.delete(name);
  links.delete(name);
  if (header.flag === flags.file || header.flag === flags.oldFile || header.flag === flags.contiguous) {
    members.set(name, place);
  } else if (header.flag === flags.hardlink || header.flag === flags.symlink) {
    const link = pending.link ?? decodeName(header.link);
    const from = header.flag === flags.symlink ? `${name.slice(0, name.lastIndexOf('/') + 1)}` : '';
    const target = normalisePath(from + link);
    if (target !== undefined) links.set(name, target);
  }
}

/** Old `docker save` writes a layer that repeats as a link to the first copy. */
function followLinks(name: string, links: ReadonlyMap<string, string>, members: TarIndex): TarMember | undefined {
  let current: string | undefined = name;
  for (let hops = 0; current !== undefined && hops < maxLinkHops; hops++) {
    const found = members.get(current);
    if (found) return found;
    current = links.get(current);
  }
  return undefined;
}

function refuseCompressed(head: Uint8Array, path: string): void {
  const compression = compressionOf(head);
  if (compression === undefined) return;
  throw new SourceError('compressed_archive', `${path} is compressed with ${compression}`, {
    hint: `Unpack it once (${compression} -d) and name the resulting tar file.`,
  });
}

/** The program that a file's first bytes ask for. */
export function compressionOf(head: Uint8Array): 'gzip' | 'zstd' | 'xz' | 'bzip2' | undefined {
  const magic = Buffer.from(head.subarray(0, 4)).toString('hex');
  if (magic.startsWith('1f8b')) return 'gzip';
  if (magic === '28b52ffd') return 'zstd';
  if (magic === 'fd377a58') return 'xz';
  return magic.startsWith('425a68') ? 'bzip2' : undefined;
}
