import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rpmHeader, rpmNdb, rpmSqlite } from '../../../../test/support/rpm-database.ts';
import { bdbBlobs } from './bdb.ts';
import { FileBytes } from './file-bytes.ts';
import { parseHeader } from './header.ts';
import { ndbBlobs } from './ndb.ts';
import { Problems } from './problems.ts';
import { sqliteBlobs } from './sqlite.ts';

function bytesOf(content: Uint8Array): FileBytes {
  const bytes = new FileBytes();
  bytes.append(content);
  return bytes;
}

/** Names in the order of the database, and what was wrong with it. */
function read(reader: (problems: Problems) => Iterable<Buffer>): [names: (string | undefined)[], problems: string[]] {
  const problems = new Problems();
  const names = [...reader(problems)].map((blob) => parseHeader(blob)?.name);
  return [names, problems.list()];
}

const readSqlite = (database: Uint8Array, log?: Uint8Array) =>
  read((problems) => sqliteBlobs(bytesOf(database), log && bytesOf(log), problems));

/** Enough packages for a tree of several levels, some over many pages. */
const many = Array.from({ length: 300 }, (_, index) => {
  const files = Array.from({ length: (index * 37) % 400 }, (_, file) => `/usr/share/p${index}/file-${file}`);
  return rpmHeader({ name: `p${index}`, files });
});
const manyNames = many.map((_, index) => `p${index}`);

test('sqlite: trees of several levels and rows over many pages, for every page size', () => {
  for (const pageSize of [512, 1024, 4096, 65_536]) {
    assert.deepEqual(readSqlite(rpmSqlite(many, { pageSize }).database), [manyNames, []], `${pageSize}`);
  }
});

test('sqlite: deleted rows are gone', () => {
  const deleted = { sql: 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);' };
  const { database } = rpmSqlite(many.slice(0, 40), {
    sql: `${deleted.sql} CREATE TRIGGER gone AFTER INSERT ON Packages WHEN NEW.hnum % 2 = 0 BEGIN DELETE FROM Packages WHERE hnum = NEW.hnum; END;`,
  });
  assert.deepEqual(readSqlite(database), [manyNames.slice(0, 40).filter((_, index) => index % 2 === 0), []]);
});

test('sqlite: what the write-ahead log committed counts, an open transaction and an old generation do not', () => {
  const { database, log } = rpmSqlite(many.slice(0, 3), { logged: many.slice(3, 9) });
  assert.ok(log.length > 0);
  assert.deepEqual(readSqlite(database)[0], manyNames.slice(0, 3));
  assert.deepEqual(readSqlite(database, log), [manyNames.slice(0, 9), []]);
  // Frames of another generation behind the end: what a restarted log looks like.
  const stale = Buffer.from(log.subarray(32, 32 + 24 + 4096));
  stale.writeUInt32BE((stale.readUInt32BE(8) ^ 1) >>> 0, 8);
  assert.deepEqual(readSqlite(database, Buffer.concat([log, stale])), [manyNames.slice(0, 9), []]);
  assert.deepEqual(readSqlite(database, new Uint8Array()), [manyNames.slice(0, 3), []]);
});

test('sqlite: a damaged write-ahead log is told', () => {
  const { database, log } = rpmSqlite(many.slice(0, 3), { logged: many.slice(3, 6) });
  const damage = (at: number): Buffer => {
    const copy = Buffer.from(log);
    copy[at] = (copy[at] ?? 0) ^ 0xff;
    return copy;
  };
  for (const at of [0, 13, log.length - 5]) {
    assert.deepEqual(readSqlite(database, damage(at))[1], ['its write-ahead log is damaged'], `byte ${at}`);
  }
  assert.deepEqual(readSqlite(database, log.subarray(0, log.length - 7))[1], ['its write-ahead log is cut off']);
});

test('sqlite: the schema is not executed; a table of another kind with the name is none', () => {
  const instead = 'CREATE TRIGGER t INSTEAD OF INSERT ON Packages BEGIN SELECT 1; END;';
  const view = rpmSqlite([], {
    sql: `CREATE TABLE x (hnum, blob); CREATE VIEW Packages AS SELECT * FROM x; ${instead}`,
  });
  assert.deepEqual(readSqlite(view.database), [[], ['it has no table of packages']]);
  const columns = rpmSqlite([rpmHeader({ name: 'a' })], { sql: 'CREATE TABLE Packages (hnum, blob TEXT)' });
  assert.deepEqual(readSqlite(columns.database)[0], ['a'], 'column types are not believed');
  assert.deepEqual(readSqlite(Buffer.from('SQLite format 3'))[1], ['it is cut off']);
  assert.deepEqual(readSqlite(Buffer.alloc(4096))[1], ['it is no SQLite database']);
});

test('sqlite: a database that is cut off says so and gives what is there', () => {
  const { database } = rpmSqlite(many);
  const [names, problems] = readSqlite(database.subarray(0, Math.floor(database.length / 2)));
  assert.ok(names.length > 0 && names.length < many.length);
  assert.ok(problems.includes('it is cut off'), problems.join());
});

const readBdb = (content: Uint8Array) => read((problems) => bdbBlobs(bytesOf(content), problems));

for (const order of ['little', 'big']) {
  // Written by db5.3_load of Debian's db5.3-util, with `-c db_lorder=4321` for the other byte order.
  const file = new URL(`../../../../test/support/testdata/rpm-bdb-${order}-endian`, import.meta.url);
  test(`bdb: hash files, ${order}-endian`, () => {
    const content = readFileSync(file);
    const [names, problems] = readBdb(content);
    assert.deepEqual([names.sort(), problems], [['nodejs', 'openssl-libs', 'tiny'], []]);
  });

  test(`bdb: chains that meet themselves or end early, ${order}-endian`, () => {
    const content = Buffer.from(readFileSync(file));
    const pages = Array.from({ length: content.length / 512 }, (_, page) => page * 512);
    const overflows = pages.filter((at) => content[at + 25] === 7);
    assert.ok(overflows.length > 3);
    // The next page of every overflow page becomes the first of them.
    const write = order === 'little' ? content.writeUInt32LE.bind(content) : content.writeUInt32BE.bind(content);
    for (const at of overflows) write((overflows[0] ?? 0) / 512, at + 16);
    assert.deepEqual(readBdb(content)[1], ['it has damaged values (3 times)']);
    for (const at of overflows) write(0, at + 16);
    assert.deepEqual(readBdb(content)[1], ['it has damaged values (2 times)']);
    assert.ok(readBdb(content.subarray(0, 2048))[1].includes('it is cut off'));
  });
}

const readNdb = (content: Uint8Array) => read((problems) => ndbBlobs(bytesOf(content), problems));

test('ndb: slots in any order; forged ones are told', () => {
  const database = rpmNdb(many.slice(0, 20));
  assert.deepEqual(readNdb(database), [manyNames.slice(0, 20), []]);
  const forged = Buffer.from(database);
  // All slots lead to one blob; its number is that of the first.
  for (let slot = 3; slot < 22; slot++) forged.copy(forged, slot * 16 + 8, 32 + 8, 32 + 16);
  assert.deepEqual(readNdb(forged), [['p0'], ['it has damaged blobs (19 times)']]);
  for (let slot = 3; slot < 22; slot++) forged.writeUInt32LE(1, slot * 16 + 4);
  const [names, problems] = readNdb(forged);
  assert.ok(names.length <= 20);
  assert.deepEqual(problems, []);
  const pages = Buffer.from(database);
  pages.writeUInt32LE(0xffffffff, 12);
  assert.deepEqual(readNdb(pages)[1], ['it has too many slot pages', 'its slots are damaged']);
  assert.deepEqual(readNdb(database.subarray(0, 5000))[0].length < 20, true);
});

test('header: counts that do not fit are refused, lists end with their data', () => {
  const good = rpmHeader({ name: 'a', epoch: 7, files: ['/usr/bin/a', '/usr/lib/a/b', '/usr/lib/a/c'] });
  assert.deepEqual(parseHeader(good)?.files, ['/usr/bin/', 'a', '/usr/lib/a/', 'b/c']);
  assert.equal(parseHeader(good)?.epoch, '7');
  for (const [at, value] of [
    [0, 2 ** 31],
    [0, 0xffffffff],
    [4, 2 ** 31],
    [4, good.length],
  ] as const) {
    const forged = Buffer.from(good);
    forged.writeUInt32BE(value, at);
    assert.equal(parseHeader(forged), undefined);
  }
  const forged = Buffer.from(good);
  // Every entry claims 2^31 items.
  for (let entry = 0; entry < good.readUInt32BE(0); entry++) forged.writeUInt32BE(2 ** 31, 8 + entry * 16 + 12);
  assert.equal(parseHeader(forged)?.name, 'a');
  assert.equal(parseHeader(Buffer.alloc(8)), undefined);
  assert.equal(parseHeader(rpmHeader({ name: 'x'.repeat(5000) }))?.oversized, true);
});

test('header: the last of two entries of a tag counts, and (none) is nothing', () => {
  const header = rpmHeader({ name: 'first', vendor: '(none)' });
  assert.equal(parseHeader(header)?.vendor, '');
  const other = Buffer.from(header);
  // The entry of the vendor becomes a second one of the name.
  const at = 8 + 3 * 16;
  assert.equal(other.readUInt32BE(at), 1011);
  other.writeUInt32BE(1000, at);
  assert.equal(parseHeader(other), undefined, 'its name is (none)');
});
