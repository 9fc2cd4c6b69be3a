import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { paxBody, rawEntry } from '../../../test/support/raw-tar.ts';
import { archive, pathsOf, readTar } from '../../../test/support/read-tar.ts';
import type { FileEntry } from './contract.ts';
import { encodeEntry, tarEnd, tarPadding } from './tar-writer.ts';

describe('tar reader', () => {
  it('reads headers of every kind', () => {
    const { entries, codes } = readTar(
      archive(
        rawEntry({ name: './etc/', flag: '5', mode: 0o40755, mtime: 7 }),
        rawEntry({ name: '/etc/passwd', uid: 5, gid: 6, mode: 0o104755 }, 'root'),
        rawEntry({ name: 'etc/link', flag: '2', link: '../x' }),
        rawEntry({ name: 'etc/hard', flag: '1', link: './etc/passwd' }),
        rawEntry({ name: 'dev/null', flag: '3', devMajor: 1, devMinor: 3 }),
        rawEntry({ name: 'pipe', flag: '6' }),
        rawEntry({ name: 'old/', flag: '\0' }),
      ),
    );
    assert.deepEqual(codes, []);
    assert.deepEqual(entries, [
      { path: 'etc', type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 7, size: 0 },
      { path: 'etc/passwd', type: 'file', mode: 0o4755, uid: 5, gid: 6, mtime: 0, size: 4 },
      { path: 'etc/link', type: 'symlink', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0, link: '../x' },
      { path: 'etc/hard', type: 'hardlink', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0, link: 'etc/passwd' },
      { path: 'dev/null', type: 'char', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0, devMajor: 1, devMinor: 3 },
      { path: 'pipe', type: 'fifo', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0 },
      { path: 'old', type: 'directory', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0 },
    ]);
  });

  it('joins the ustar prefix, but not in GNU archives', () => {
    assert.deepEqual(pathsOf(readTar(archive(rawEntry({ name: 'b', prefix: 'a' })))), ['a/b']);
    assert.deepEqual(pathsOf(readTar(archive(rawEntry({ name: 'b', prefix: '12345', magic: 'ustar  \0' })))), ['b']);
  });

  it('reads GNU long names and links', () => {
    const name = 'n'.repeat(300);
    const { entries } = readTar(
      archive(
        rawEntry({ name: '././@LongLink', flag: 'L' }, `${name}\0`),
        rawEntry({ name: '././@LongLink', flag: 'K' }, `${name}x\0`),
        rawEntry({ name: name.slice(0, 100), flag: '2', link: 'short' }),
      ),
    );
    assert.equal(entries[0]?.path, name);
    assert.equal(entries[0]?.link, `${name}x`);
  });

  it('reads PAX names, numbers and attributes of one entry only', () => {
    const pax = paxBody({
      path: 'ünïcode',
      uid: '5000000',
      mtime: '1.75',
      'SCHILY.xattr.security.capability': Buffer.from([1, 0, 255]),
      'LIBARCHIVE.xattr.user.a%3Db': Buffer.from('AP8='),
    });
    const { entries } = readTar(
      archive(rawEntry({ flag: 'x' }, pax), rawEntry({ name: 'short' }), rawEntry({ name: 'next' })),
    );
    const [first, second] = entries;
    assert.equal(first?.path, 'ünïcode');
    assert.equal(first?.uid, 5_000_000);
    assert.equal(first?.mtime, 1);
    assert.deepEqual(
      [...(first?.xattrs ?? [])].map(([key, value]) => [key, [...value]]),
      [
        ['security.capability', [1, 0, 255]],
        ['user.a=b', [0, 255]],
      ],
    );
    assert.equal(second?.path, 'next');
    assert.equal(second?.xattrs, undefined);
  });

  it('takes times from a global header, but never names or sizes', () => {
    const global = rawEntry({ flag: 'g' }, paxBody({ path: 'evil', size: '0', mtime: '99' }));
    const { entries, bodies } = readTar(archive(global, rawEntry({ name: 'good' }, 'body')));
    assert.equal(entries[0]?.path, 'good');
    assert.equal(entries[0]?.mtime, 99);
    assert.equal(bodies.get('good')?.toString(), 'body');
  });

  it('reads base-256 numbers', () => {
    const size = Buffer.alloc(12);
    size[0] = 0x80;
    size[11] = 4;
    const past = Buffer.alloc(12, 0xff);
    const { entries, bodies } = readTar(archive(rawEntry({ name: 'a', size, mtime: past }, 'four')));
    assert.equal(entries[0]?.mtime, -1);
    assert.equal(bodies.get('a')?.toString(), 'four');
  });

  it('keeps names that are not UTF-8, each of its own', () => {
    const { entries } = readTar(
      archive(rawEntry({ name: Buffer.from([0x61, 0xff]) }), rawEntry({ name: Buffer.from([0x61, 0xfe]) })),
    );
    assert.deepEqual(
      entries.map(({ path }) => path),
      ['a\udcff', 'a\udcfe'],
    );
  });

  it('reads only the header of sparse files', () => {
    const old = rawEntry(
      { name: 'old', flag: 'S', magic: 'ustar  \0', patch: [[483, Buffer.from('00001000000\0')]] },
      'data',
    );
    const pax = rawEntry(
      { flag: 'x' },
      paxBody({ 'GNU.sparse.major': '1', 'GNU.sparse.name': 'new', 'GNU.sparse.realsize': '99' }),
    );
    const { entries, bodies } = readTar(
      archive(old, pax, rawEntry({ name: 'GNUSparseFile.0/new' }, 'map and data'), rawEntry({ name: 'next' })),
    );
    assert.deepEqual(
      entries.map(({ path, size, sparse }) => [path, size, sparse]),
      [
        ['old', 0o1000000, true],
        ['new', 99, true],
        ['next', 0, undefined],
      ],
    );
    assert.equal(bodies.get('old')?.length, 0);
  });

  it('ignores the size of entries that have no body', () => {
    assert.deepEqual(
      pathsOf(readTar(archive(rawEntry({ name: 'd', flag: '5', size: 1024 }), rawEntry({ name: 'f' })))),
      ['d', 'f'],
    );
  });

  it('gives the same result for any division into chunks', () => {
    const long = 'n'.repeat(400);
    const tar = archive(
      rawEntry({ flag: 'L' }, `${long}\0`),
      rawEntry({ name: 'x' }, 'a'.repeat(1000)),
      rawEntry({ flag: 'x' }, paxBody({ path: 'p/ä' })),
      rawEntry({ name: 'y' }, 'b'.repeat(513)),
      rawEntry({ name: 'z', flag: '5' }),
    );
    const whole = readTar(tar);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        assert.deepEqual(readTar(tar, sizes), whole);
      }),
      { numRuns: 60 },
    );
  });

  it('reads back what the writer wrote', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', 'ä', '漢', '\udcff', ' ', '\\', 'long'.repeat(30)),
      minLength: 1,
      maxLength: 6,
    });
    const entry = fc.record({
      path: fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.map((part) => `_${part}`).join('/')),
      type: fc.constantFrom('file', 'directory', 'symlink', 'char', 'fifo'),
      mode: fc.integer({ min: 0, max: 0o7777 }),
      uid: fc.oneof(fc.nat(0o7777777), fc.nat()),
      gid: fc.nat(),
      mtime: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      body: fc.uint8Array({ maxLength: 1500 }),
      target: name,
      xattrs: fc.uniqueArray(fc.tuple(fc.stringMatching(/^user\.[a-z]{1,8}$/), fc.uint8Array({ maxLength: 20 })), {
        selector: ([key]) => key,
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 6 }), (list) => {
        const expected = list.map(({ body, target, xattrs, type, ...rest }) => {
          const made: FileEntry = {
            ...rest,
            type: type as FileEntry['type'],
            size: type === 'file' ? body.length : 0,
            ...(type === 'symlink' && { link: target }),
            ...(type === 'char' && { devMajor: 1, devMinor: 200 }),
            ...(xattrs.length > 0 && {
              xattrs: new Map(xattrs.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, Buffer.from(v)])),
            }),
          };
          return { made, body: type === 'file' ? Buffer.from(body) : Buffer.alloc(0) };
        });
        const tar = Buffer.concat([
          ...expected.flatMap(({ made, body }) => [encodeEntry(made), body, tarPadding(body.length)]),
          tarEnd,
        ]);
        const result = readTar(tar);
        assert.deepEqual(result.codes, []);
        assert.deepEqual(
          result.entries.map((item) => ({
            ...item,
            ...(item.xattrs && { xattrs: new Map([...item.xattrs].map(([k, v]) => [k, Buffer.from(v)])) }),
          })),
          expected.map(({ made }) => made),
        );
        for (const { made, body } of expected) assert.deepEqual(result.bodies.get(made.path), body);
      }),
      { numRuns: 150 },
    );
  });
});
