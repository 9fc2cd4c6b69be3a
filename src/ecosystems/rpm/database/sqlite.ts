import type { FileBytes } from './file-bytes.ts';
import type { Problems } from './problems.ts';
import { openSqlitePages, type SqlitePages } from './sqlite-pages.ts';

/**
 * Header blobs of rpm's SQLite database: the rows of the table `Packages(hnum, blob)`. Only pages are read; the text of
 * the schema is never looked at beyond the table's name, so triggers, views and virtual tables in it do nothing.
 * @param wal the write-ahead log beside the file, if any
 */
export function* sqliteBlobs(file: FileBytes, wal: FileBytes | undefined, problems: Problems): Generator<Buffer> {
  const pages = openSqlitePages(file, wal, problems);
  if (pages === undefined) return;
  const tree = new BTree(pages, problems);
  const root = rootOf(tree);
  if (root === undefined) problems.add('it has no table of packages');
  else {
    for (const payload of tree.rows(root)) {
      const blob = blobOf(payload);
      if (blob === undefined) problems.add('it has rows that are no packages');
      else yield blob;
    }
  }
}

const interior = 0x05;
const leaf = 0x0d;
const nameColumns = { type: 0, name: 1, rootPage: 3 } as const;

/** Where the table of packages begins, as the schema in page 1 says. */
function rootOf(tree: BTree): number | undefined {
  for (const payload of tree.rows(1)) {
    const columns = columnsOf(payload, 5);
    const [type, name] = [columns[nameColumns.type], columns[nameColumns.name]];
    if (type?.bytes.toString('latin1') !== 'table' || name?.bytes.toString('latin1') !== 'Packages') continue;
    const root = columns[nameColumns.rootPage];
    const number = root && integerOf(root);
    if (number !== undefined && number > 1) return number;
  }
  return undefined;
}

/** The second column of a row, when it is a blob. */
function blobOf(payload: Buffer): Buffer | undefined {
  const column = columnsOf(payload, 2)[1];
  return column !== undefined && column.type >= 12 && column.type % 2 === 0 ? column.bytes : undefined;
}

interface Column {
  /** Serial type: 1–6 integers, 12 and up blobs (even) and texts (odd). */
  readonly type: number;
  readonly bytes: Buffer;
}

/** The first columns of a record; fewer when the record ends before. */
function columnsOf(payload: Buffer, most: number): Column[] {
  const columns: Column[] = [];
  const head = varint(payload, 0);
  let at = head.next;
  let content = head.value;
  while (columns.length < most && at < head.value && at < payload.length) {
    const type = varint(payload, at);
    at = type.next;
    const length = lengthOf(type.value);
    if (content + length > payload.length) break;
    columns.push({ type: type.value, bytes: payload.subarray(content, content + length) });
    content += length;
  }
  return columns;
}

const fixedLengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

function lengthOf(type: number): number {
  return fixedLengths[type] ?? (type - (type % 2 === 0 ? 12 : 13)) / 2;
}

function integerOf({ type, bytes }: Column): number | undefined {
  return type >= 1 && type <= 4 ? bytes.readIntBE(0, bytes.length) : type === 9 ? 1 : undefined;
}

/** A table b-tree. Every page is used once at most, so cycles and shared pages end the walk. */
class BTree {
  readonly #pages: SqlitePages;
  readonly #problems: Problems;
  readonly #seen: Uint8Array;

  constructor(pages: SqlitePages, problems: Problems) {
    this.#pages = pages;
    this.#problems = problems;
    this.#seen = new Uint8Array(pages.count + 1);
  }

  /** Payloads of the rows below a root page, in order. */
  *rows(root: number): Generator<Buffer> {
    const open = [root];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      const page = this.#take(number);
      const start = number === 1 ? 100 : 0;
      const kind = page?.[start];
      if (page === undefined) continue;
      if (kind === interior) open.push(...childrenOf(page, start).reverse());
      else if (kind === leaf) yield* this.#leafRows(page, start);
      else this.#problems.add('it has damaged pages');
    }
  }

  #take(number: number): Buffer | undefined {
    const page = number >= 1 && number <= this.#pages.count ? this.#pages.page(number) : undefined;
    if (page === undefined || this.#seen[number] === 1) {
      this.#problems.add(page === undefined ? 'it refers to pages that it does not have' : 'its pages form a cycle');
      return undefined;
    }
    this.#seen[number] = 1;
    return page;
  }

  *#leafRows(page: Buffer, start: number): Generator<Buffer> {
    // Cells of one page cannot hold more than the page does: pointers to the same cell over and over are forged.
    let room = page.length;
    for (const at of cellsOf(page, start, 8)) {
      const size = varint(page, at);
      const begin = varint(page, size.next).next;
      const local = localBytes(size.value, this.#pages.usable);
      room -= local;
      if (begin + local > page.length || room < 0) {
        this.#problems.add('it has damaged pages');
        return;
      }
      const payload = page.subarray(begin, begin + local);
      if (local === size.value) yield payload;
      else {
        const whole = this.#overflow(page, begin + local, payload, size.value);
        if (whole !== undefined) yield whole;
      }
    }
  }

  /** A payload that goes on in a chain of pages. */
  #overflow(page: Buffer, pointer: number, local: Buffer, size: number): Buffer | undefined {
    const pieces = [local];
    let missing = size - local.length;
    let next = pointer + 4 <= page.length ? page.readUInt32BE(pointer) : 0;
    while (missing > 0) {
      const more = this.#take(next);
      if (more === undefined) return undefined;
      const piece = more.subarray(4, Math.min(this.#pages.usable, 4 + missing));
      pieces.push(piece);
      missing -= piece.length;
      next = more.readUInt32BE(0);
    }
    return Buffer.concat(pieces);
  }
}

function* cellsOf(page: Buffer, start: number, headerBytes: number): Generator<number> {
  const count = page.readUInt16BE(start + 3);
  for (let i = 0, at = start + headerBytes; i < count && at + 2 <= page.length; i++, at += 2) {
    yield page.readUInt16BE(at);
  }
}

function childrenOf(page: Buffer, start: number): number[] {
  const children: number[] = [];
  for (const at of cellsOf(page, start, 12)) if (at + 4 <= page.length) children.push(page.readUInt32BE(at));
  children.push(page.readUInt32BE(start + 8));
  return children;
}

/** How much of a payload is in the leaf itself (SQLite file format §1.6). */
function localBytes(size: number, usable: number): number {
  const most = usable - 35;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  return fitting <= most ? fitting : least;
}

/** Big-endian groups of seven bits, at most nine bytes; exact up to 2^53, which is more than any file. */
function varint(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[from + i] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  return { value: value * 256 + (bytes[from + 8] ?? 0), next: from + 9 };
}
