import type { EntryType, FileEntry } from './contract.ts';
import { baseName, encodeName } from './names.ts';
import { blockSize } from './tar-header.ts';

const flags: Record<EntryType, string> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** Largest values of the octal fields of 12 and 8 bytes. */
const maxLong = 0o77777777777;
const maxShort = 0o7777777;
const nameBytes = 100;

/** The two zero blocks behind the last entry. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockSize);

/** Zeros that fill the last block of a body of `size` bytes. */
export function tarPadding(size: number): Uint8Array {
  return tarEnd.subarray(0, (blockSize - (size % blockSize)) % blockSize);
}

/**
 * The header blocks of an entry: ustar, preceded by a PAX header where ustar cannot say it (names or links that are
 * long or not ASCII, extended attributes, large numbers). The same entry always gives the same bytes.
 */
export function encodeEntry(entry: FileEntry): Uint8Array {
  const name = encodeName(entry.type === 'directory' ? `${entry.path || '.'}/` : entry.path);
  const link = encodeName(entry.link ?? '');
  const records = paxRecords(entry, name, link);
  const header = encodeHeader(entry, flags[entry.type], name, link);
  if (records.length === 0) return header;
  const body = Buffer.concat(records);
  const paxName = Buffer.from(
    encodeName(`PaxHeaders/${baseName(entry.path)}`).map((byte) => (byte < 0x80 ? byte : 0x5f)),
  );
  const plain: FileEntry = { path: '', type: 'file', mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 0 };
  return Buffer.concat([encodeHeader(plain, 'x', paxName, Buffer.alloc(0)), body, tarPadding(body.length), header]);
}

function paxRecords(entry: FileEntry, name: Buffer, link: Buffer): Buffer[] {
  const records = new Map<string, Buffer>();
  if (needsPax(name)) records.set('path', name);
  if (needsPax(link)) records.set('linkpath', link);
  // Values are UTF-8 by definition; bytes that are not have to be announced.
  if (![entry.path, entry.link ?? ''].every((text) => text.isWellFormed())) {
    records.set('hdrcharset', Buffer.from('BINARY'));
  }
  const number = (key: 'uid' | 'gid' | 'size' | 'mtime', limit: number): void => {
    if (!fits(entry[key], limit)) records.set(key, Buffer.from(String(entry[key])));
  };
  number('size', maxLong);
  number('uid', maxShort);
  number('gid', maxShort);
  number('mtime', maxLong);
  for (const [key, value] of entry.xattrs ?? []) records.set(`SCHILY.xattr.${key}`, Buffer.from(value));
  return [...records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => paxRecord(key, value));
}

function needsPax(name: Buffer): boolean {
  return name.length > nameBytes || name.some((byte) => byte >= 0x80);
}

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(' '), encodeName(key), Buffer.from('='), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function fits(value: number, limit: number): boolean {
  return value >= 0 && value <= limit;
}

function encodeHeader(entry: FileEntry, flag: string, name: Buffer, link: Buffer): Buffer {
  const block = Buffer.alloc(blockSize);
  name.copy(block, 0, 0, nameBytes);
  octal(block, 100, 8, entry.mode);
  octal(block, 108, 8, fits(entry.uid, maxShort) ? entry.uid : 0);
  octal(block, 116, 8, fits(entry.gid, maxShort) ? entry.gid : 0);
  octal(block, 124, 12, fits(entry.size, maxLong) ? entry.size : 0);
  octal(block, 136, 12, fits(entry.mtime, maxLong) ? entry.mtime : 0);
  block.write('        ', 148, 'latin1');
  block.write(flag, 156, 'latin1');
  link.copy(block, 157, 0, nameBytes);
  block.write('ustar\x0000', 257, 'latin1');
  octal(block, 329, 8, entry.devMajor ?? 0);
  octal(block, 337, 8, entry.devMinor ?? 0);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(block: Buffer, at: number, length: number, value: number): void {
  block.write(
    value
      .toString(8)
      .padStart(length - 1, '0')
      .slice(-(length - 1)),
    at,
    'latin1',
  );
}
