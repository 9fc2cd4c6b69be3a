import type { FileBytes } from './file-bytes.ts';
import type { Problems } from './problems.ts';

const magic = 0x061561;
const pageHeaderBytes = 26;
/** Kinds of pages. */
const [unsortedHash, overflow, sortedHash] = [2, 7, 13] as const;
/** Kinds of items on a hash page. */
const [inline, offPage] = [1, 3] as const;
/** A header has at least its two counts and one entry; rpm keeps its highest number as a value of 4 bytes. */
const leastHeader = 24;

/**
 * Header blobs of a Berkeley DB hash file (`Packages`), written on machines of either byte order. All hash pages are
 * read, whatever bucket they belong to; values of some size go on in a chain of overflow pages.
 */
export function* bdbBlobs(file: FileBytes, problems: Problems): Generator<Buffer> {
  const header = file.read(0, 72);
  const little = header?.readUInt32LE(12) === magic;
  if (header === undefined || (!little && header.readUInt32BE(12) !== magic)) {
    problems.add(file.length < 72 ? 'it is cut off' : 'it is no Berkeley DB hash file');
    return;
  }
  const order: Order = little
    ? { u16: (bytes, at) => bytes.readUInt16LE(at), u32: (bytes, at) => bytes.readUInt32LE(at) }
    : { u16: (bytes, at) => bytes.readUInt16BE(at), u32: (bytes, at) => bytes.readUInt32BE(at) };
  const size = order.u32(header, 20);
  if (size < 512 || size > 65_536 || (size & (size - 1)) !== 0) return problems.add('its page size is not valid');
  if (header[24] !== 0) return problems.add('it is encrypted');
  const count = Math.floor(file.length / size);
  if (order.u32(header, 32) >= count) problems.add('it is cut off');
  const pages: Pages = { file, size, order, seen: new Uint8Array(count) };
  for (let number = 1; number < count; number++) {
    const page = file.read(number * size, size);
    const kind = page?.[25];
    if (page !== undefined && (kind === sortedHash || kind === unsortedHash)) yield* valuesOf(page, pages, problems);
  }
}

/** Numbers in the byte order of the machine that wrote the file. */
interface Order {
  u16(bytes: Buffer, at: number): number;
  u32(bytes: Buffer, at: number): number;
}

interface Pages {
  readonly file: FileBytes;
  readonly size: number;
  readonly order: Order;
  /** 1 for overflow pages that were used: each belongs to one value only. */
  readonly seen: Uint8Array;
}

/** Items stand in pairs of key and value; they fill the page from its end. */
function* valuesOf(page: Buffer, pages: Pages, problems: Problems): Generator<Buffer> {
  const { size, order } = pages;
  const entries = order.u16(page, 20);
  if (pageHeaderBytes + entries * 2 > size) return problems.add('it has damaged pages');
  let end = size;
  for (let index = 0; index < entries; index++) {
    const at = order.u16(page, pageHeaderBytes + index * 2);
    if (at < pageHeaderBytes + entries * 2 || at >= end) return problems.add('it has damaged pages');
    const item = page.subarray(at, end);
    end = at;
    if (index % 2 === 0) continue;
    if (item[0] === inline) {
      if (item.length > leastHeader) yield item.subarray(1);
    } else if (item[0] === offPage && item.length >= 12) {
      const value = chainOf(order.u32(item, 4), order.u32(item, 8), pages);
      if (value === undefined) problems.add('it has damaged values');
      else yield value;
    } else problems.add('it has values of an unknown kind');
  }
}

/** A value of `length` bytes in a chain of overflow pages; undefined for a chain that ends early or meets itself. */
function chainOf(first: number, length: number, { file, size, order, seen }: Pages): Buffer | undefined {
  const pieces: Buffer[] = [];
  let have = 0;
  for (let number = first; have < length; ) {
    const page = number > 0 && number < seen.length ? file.read(number * size, size) : undefined;
    if (page === undefined || page[25] !== overflow || seen[number] === 1) return undefined;
    seen[number] = 1;
    const piece = page.subarray(pageHeaderBytes, pageHeaderBytes + Math.min(order.u16(page, 22), length - have));
    pieces.push(piece);
    have += piece.length;
    number = order.u32(page, 16);
  }
  return Buffer.concat(pieces);
}
