import { writeFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a test archive; the odd fields make it lie about itself. */
export interface ZipMember {
  readonly name: string;
  readonly content: string | Buffer;
  readonly claimedSize?: number;
  readonly claimedCrc?: number;
}

/** Writes a zip archive member by member as APPNOTE 6.3 describes, independent of what the product reads with. */
export function zipArchive(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimedSize, claimedCrc } of members) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const file = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(claimedCrc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize ?? bytes.length, 18);
    common.writeUInt16LE(file.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file, packed]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, central, file]));
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  const many = members.length >= 0xffff;
  end.writeUInt16LE(many ? 0xffff : members.length, 8);
  end.writeUInt16LE(many ? 0xffff : members.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  const wide = many ? zip64End(members.length, list.length, offset) : Buffer.alloc(0);
  return Buffer.concat([...parts, list, wide, end]);
}

/** The end record of archives with more members than 16 bits can count, and the locator behind it. */
function zip64End(count: number, length: number, offset: number): Buffer {
  const record = Buffer.alloc(76);
  record.write('PK\x06\x06', 0, 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.write('PK\x06\x07', 56, 'latin1');
  record.writeBigUInt64LE(BigInt(offset + length), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/** Writes OSV records as an `all.zip`. */
export function writeOsvArchive(path: string, records: readonly { readonly id: string }[]): void {
  writeFileSync(
    path,
    zipArchive(records.map((record) => ({ name: `${record.id}.json`, content: JSON.stringify(record) }))),
  );
}
