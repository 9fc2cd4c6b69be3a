import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import yazl from 'yazl';
import { zipArchive } from '../../../test/support/zip-archive.ts';
import { ArchiveBudget } from './budget.ts';
import { ArchiveError, type ArchiveErrorCode } from './errors.ts';
import { archiveLimits } from './limits.ts';
import { openZip, type ZipArchive } from './zip.ts';

const all = (): boolean => true;

function open(bytes: Buffer, limits: Partial<typeof archiveLimits> = {}): ZipArchive {
  return openZip(bytes, new ArchiveBudget(bytes.length, { ...archiveLimits, ...limits }));
}

/** Names and contents of everything. */
function contents(zip: ZipArchive): [string, string][] {
  return [...zip.members(all)].map((member) => [member.name, zip.read(member, 1 << 20).toString()]);
}

const fails = (code: ArchiveErrorCode) => (error: unknown) => error instanceof ArchiveError && error.code === code;

const two = [
  { name: 'a.txt', content: 'alpha' },
  { name: 'dir/b.txt', content: 'beta'.repeat(1000) },
];
const twoContents = two.map(({ name, content }) => [name, content]);

/** An archive as an independent library writes it. */
async function yazlArchive(options: { compress: boolean; zip64: boolean; comment?: string }): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const { compress, zip64: forceZip64Format } = options;
  zip.addEmptyDirectory('dir/');
  for (const { name, content } of two) zip.addBuffer(Buffer.from(content), name, { compress, forceZip64Format });
  zip.end({ forceZip64Format, comment: options.comment ?? '' });
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

for (const compress of [true, false]) {
  for (const zip64 of [true, false]) {
    test(`members of an archive, compressed: ${compress}, zip64: ${zip64}`, async () => {
      assert.deepEqual(contents(open(await yazlArchive({ compress, zip64 }))), twoContents);
    });

    test(`an archive behind a script, compressed: ${compress}, zip64: ${zip64}`, async () => {
      const script = Buffer.from(`#!/bin/sh\nexec java -jar "$0"\n${'#'.repeat(5000)}\n`);
      assert.deepEqual(contents(open(Buffer.concat([script, await yazlArchive({ compress, zip64 })]))), twoContents);
    });
  }
}

test('only members that are asked for are shown, folders never', async () => {
  const asked: string[] = [];
  const zip = open(await yazlArchive({ compress: true, zip64: false }));
  const found = [...zip.members((name) => asked.push(name) > 0 && name.endsWith('b.txt'))];
  assert.deepEqual(asked, ['a.txt', 'dir/b.txt']);
  assert.deepEqual(
    found.map(({ name, size, method }) => ({ name, size, method })),
    [{ name: 'dir/b.txt', size: 4000, method: 8 }],
  );
});

test('a comment of any length, and one that looks like an end record', async () => {
  assert.deepEqual(contents(open(await yazlArchive({ compress: true, zip64: false, comment: 'x'.repeat(65_535) }))), [
    ...twoContents,
  ]);
  const inner = zipArchive([{ name: 'evil', content: 'evil' }]);
  const honest = zipArchive(two);
  const bare = Buffer.from(
    'PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\xff\xff\x00\x00\xff\xff\x00\x00\x00\x00',
    'latin1',
  );
  honest.writeUInt16LE(bare.length, honest.length - 2);
  assert.deepEqual(contents(open(Buffer.concat([honest, bare]))), twoContents);
  // A whole archive as the comment of another: the last one counts, for every reader that searches from the end.
  assert.deepEqual(contents(open(Buffer.concat([zipArchive(two), inner]))), [['evil', 'evil']]);
});

test('bytes behind the archive', () => {
  assert.deepEqual(contents(open(Buffer.concat([zipArchive(two), Buffer.alloc(1000)]))), twoContents);
});

test('duplicate names are both shown; names keep their bytes', () => {
  const zip = open(
    zipArchive([
      { name: 'a', content: '1' },
      { name: 'a', content: '2' },
      { name: '../é', content: '3' },
    ]),
  );
  assert.deepEqual(contents(zip), [
    ['a', '1'],
    ['a', '2'],
    ['../é', '3'],
  ]);
  const odd = zipArchive([{ name: 'xx', content: '' }]);
  for (let at = odd.indexOf('xx'); at >= 0; at = odd.indexOf('xx', at)) odd.set([0xff, 0x41], at);
  assert.deepEqual(contents(open(odd)), [['\udcffA', '']]);
});

test('more members than 16 bits can count', () => {
  const one = zipArchive([{ name: 'f', content: '' }]);
  const start = one.indexOf('PK\x01\x02');
  const end = Buffer.from(one.subarray(-22));
  const records = Array.from({ length: 65_600 }, () => one.subarray(start, -22));
  const directory = Buffer.concat([one.subarray(0, start), ...records]);
  end.writeUInt32LE(directory.length - start, 12);
  // As old tools write it: the count overflows, and nothing says so.
  end.writeUInt16LE(64, 8);
  end.writeUInt16LE(64, 10);
  const wrapped = Buffer.concat([directory, end]);
  assert.equal([...open(wrapped, { members: 70_000 }).members(all)].length, 65_600);
  assert.throws(() => [...open(wrapped).members(all)], fails('archive_limit'));
});

test('what is no archive', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('PK'), Buffer.alloc(100_000), Buffer.from('#!/bin/sh\n')]) {
    assert.throws(() => open(bytes), fails('archive_invalid'));
  }
  assert.throws(() => open(zipArchive(two).subarray(0, -30)), fails('archive_invalid'));
});

test('an empty archive', () => {
  assert.deepEqual(contents(open(zipArchive([]))), []);
});

test('a directory that is cut off or overwritten', () => {
  const bytes = zipArchive(two);
  const second = bytes.lastIndexOf('PK\x01\x02');
  bytes.write('XX', second, 'latin1');
  const found: string[] = [];
  assert.throws(() => {
    for (const { name } of open(bytes).members(all)) found.push(name);
  }, fails('archive_invalid'));
  assert.deepEqual(found, ['a.txt']);
  const long = zipArchive(two);
  long.writeUInt16LE(0xffff, long.lastIndexOf('PK\x01\x02') + 28);
  assert.throws(() => [...open(long).members(all)], fails('archive_invalid'));
});

/** Reads the only member of an archive after a change to its directory record. */
function readChanged(change: (bytes: Buffer, record: number) => void, maxBytes = 1000): Buffer {
  const bytes = zipArchive([{ name: 'a', content: 'alpha alpha alpha' }]);
  change(bytes, bytes.indexOf('PK\x01\x02'));
  const zip = open(bytes);
  const [member] = zip.members(all);
  assert.ok(member);
  return zip.read(member, maxBytes);
}

test('members that lie', () => {
  const lies: [ArchiveErrorCode, (bytes: Buffer, record: number) => void][] = [
    ['member_unsupported', (bytes, at) => bytes.writeUInt16LE(1, at + 8)],
    ['member_unsupported', (bytes, at) => bytes.writeUInt16LE(12, at + 10)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(1, at + 16)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(900_000, at + 20)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(5, at + 24)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(500, at + 24)],
    ['archive_limit', (bytes, at) => bytes.writeUInt32LE(1001, at + 24)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(3, at + 42)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(0xfffffff0, at + 42)],
    ['member_invalid', (bytes) => bytes.fill(0xff, 31, 36)],
    // All three say that zip64 knows better, and there is no such field.
    ['archive_limit', (bytes, at) => bytes.writeUInt32LE(0xffffffff, at + 24)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(0xffffffff, at + 20)],
    ['member_invalid', (bytes, at) => bytes.writeUInt32LE(0xffffffff, at + 42)],
  ];
  for (const [code, change] of lies) assert.throws(() => readChanged(change), fails(code), `${change}`);
  assert.equal(readChanged(() => undefined).toString(), 'alpha alpha alpha');
});

test('zip64 fields that lie', async () => {
  const honest = await yazlArchive({ compress: false, zip64: true });
  for (const huge of [2n ** 63n, 2n ** 64n - 1n, 2n ** 53n, BigInt(honest.length)]) {
    const record = honest.lastIndexOf('PK\x06\x06');
    for (const field of [40, 48]) {
      const bytes = Buffer.from(honest);
      bytes.writeBigUInt64LE(huge, record + field);
      assert.throws(() => contents(open(bytes)), fails('archive_invalid'));
    }
    const member = honest.indexOf('PK\x01\x02', honest.indexOf('PK\x01\x02') + 4);
    const extra = member + 46 + honest.readUInt16LE(member + 28) + 4;
    for (const field of [0, 8, 16]) {
      const bytes = Buffer.from(honest);
      bytes.writeBigUInt64LE(huge, extra + field);
      assert.throws(() => contents(open(bytes)), ArchiveError);
    }
  }
});

test('overlapping members do not multiply the archive', () => {
  // One body of zeros and a hundred directory records that all name it, as in the bombs of David Fifield.
  const body = deflateRawSync(Buffer.alloc(1 << 20));
  const bytes = zipArchive(
    Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, content: i === 0 ? Buffer.alloc(1 << 20) : '' })),
  );
  let record = bytes.indexOf('PK\x01\x02');
  for (let i = 0; i < 100; i++) {
    bytes.writeUInt32LE(crc32(Buffer.alloc(1 << 20)), record + 16);
    bytes.writeUInt32LE(body.length, record + 20);
    bytes.writeUInt32LE(1 << 20, record + 24);
    bytes.writeUInt32LE(0, record + 42);
    record = bytes.indexOf('PK\x01\x02', record + 4);
  }
  const zip = open(bytes);
  let read = 0;
  assert.throws(() => {
    for (const member of zip.members(all)) read += zip.read(member, 1 << 20).length;
  }, fails('member_invalid'));
  assert.ok(read <= bytes.length * 1032, `${read}`);
});

test('limits: unpacked bytes, ratio, members, depth, time', () => {
  const zeros = zipArchive([{ name: 'z', content: Buffer.alloc(100_000) }]);
  assert.throws(() => contents(open(zeros, { unpackedBytes: 99_999 })), fails('archive_limit'));
  assert.throws(() => contents(open(zeros, { unpackRatio: 10, unpackRatioAfter: 1000 })), fails('archive_limit'));
  assert.equal(contents(open(zeros, { unpackRatio: 10, unpackRatioAfter: 100_000 })).length, 1);
  assert.throws(() => contents(open(zeros, { milliseconds: 0 })), fails('archive_limit'));
  assert.throws(() => contents(open(zipArchive(two), { members: 1 })), fails('archive_limit'));
  assert.throws(() => contents(open(zipArchive(two), { allMembers: 1 })), fails('archive_limit'));
  const budget = new ArchiveBudget(zeros.length);
  assert.doesNotThrow(() => openZip(zeros, budget, 16));
  assert.throws(() => openZip(zeros, budget, 17), fails('archive_limit'));
});

test('limits are those of the file, not of each archive in it', () => {
  const inner = zipArchive([{ name: 'z', content: Buffer.alloc(1000) }]);
  const budget = new ArchiveBudget(inner.length, { ...archiveLimits, unpackedBytes: 2500 });
  const read = (): void => {
    const zip = openZip(inner, budget, 1);
    for (const member of zip.members(all)) zip.read(member, 1000);
  };
  read();
  read();
  assert.throws(read, fails('archive_limit'));
});
