import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { parseAuditData } from '../../src/ecosystems/cargo/audit-data.ts';
import { parseCargoLock } from '../../src/ecosystems/cargo/lockfile.ts';
import { parseBuildInfo, releaseOf } from '../../src/ecosystems/golang/build-info.ts';
import { parseGoMod, parseGoSum } from '../../src/ecosystems/golang/go-mod.ts';
import { importPathOf } from '../../src/ecosystems/golang/line-table.ts';
import { goVersions } from '../../src/ecosystems/golang/versions.ts';
import { auditSection, elfProgram, goBuildInfo, readBinary, realBinary, varint } from '../support/binary-files.ts';

const names = ['go-1.26', 'go-1.17', 'rust'] as const;
const originals = new Map(names.map((name) => [name, realBinary(name)]));
/** Names under which classifiers look as well. */
const paths = ['bin/app', 'bin/node', 'bin/redis-server', 'usr/sbin/nginx', 'lib/libpython3.11.so.1.0'];

/** Where the parts are that somebody reads: changes elsewhere are no test. */
function spots(bytes: Buffer): number[] {
  const found = [0, 0, 0];
  for (const mark of ['\xff Go buildinf:', 'go1.', '\xff\xff\xff\0\0\x01\x08', '\x78\xda', '\x78\x9c']) {
    for (
      let i = bytes.indexOf(mark, 0, 'latin1');
      i >= 0 && found.length < 40;
      i = bytes.indexOf(mark, i + 1, 'latin1')
    ) {
      found.push(i);
    }
  }
  return found;
}

describe('executables that lie', () => {
  it('mutated real programs are read to their end, or not at all', () => {
    const places = new Map(names.map((name) => [name, spots(originals.get(name) as Buffer)]));
    const change = fc.record({
      spot: fc.nat(39),
      at: fc.integer({ min: -16, max: 400 }),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 9 }),
        fc.constantFrom(new Uint8Array(8).fill(255), new Uint8Array(8), Buffer.from('ffffffffffffff7f', 'hex')),
      ),
    });
    const input = fc.record({
      name: fc.constantFrom(...names),
      changes: fc.array(change, { minLength: 1, maxLength: 6 }),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
      path: fc.constantFrom(...paths),
    });
    fc.assert(
      fc.property(input, ({ name, changes, cut, path }) => {
        const bytes = Buffer.from(originals.get(name) as Buffer);
        const marks = places.get(name) as number[];
        for (const { spot, at, bytes: piece } of changes) {
          const offset = Math.max(0, (marks[spot % marks.length] as number) + at);
          if (offset + piece.length < bytes.length) bytes.set(piece, offset);
        }
        const file = readBinary(
          path,
          cut === null ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length)),
          1 << 18,
        );
        assert.ok(JSON.stringify(file ?? null).length < 1_000_000);
      }),
      { numRuns: 150 },
    );
  });

  it('heads of noise behind every magic number are no programs, or empty ones', () => {
    const magics = [
      '7f454c46',
      '4d5a',
      'feedface',
      'feedfacf',
      'cefaedfe',
      'cffaedfe',
      'cafebabe',
      'cafebabf',
      '0061736d',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...magics), fc.uint8Array({ minLength: 130, maxLength: 2000 }), (magic, noise) => {
        const file = readBinary('bin/app', Buffer.concat([Buffer.from(magic, 'hex'), noise]), 700);
        assert.equal(file?.go?.builds.length ?? 0, 0);
      }),
      { numRuns: 500 },
    );
  });

  it('Go build information outside of the file leads nowhere', () => {
    const pointers = Buffer.alloc(64);
    pointers.write('\xff Go buildinf:\x08\x00', 'latin1');
    for (const address of [0n, 0x400000n, 0x400100n, 0x7fffffffffffffffn, 0xffffffffffffffffn]) {
      pointers.writeBigUInt64LE(address, 16);
      pointers.writeBigUInt64LE(address, 24);
      const text = Buffer.from('\xff Go build ID: "a/b"', 'latin1');
      assert.deepEqual(readBinary('bin/app', elfProgram({ text, data: pointers }))?.go, { builds: [], unknown: true });
    }
    const endless = Buffer.concat([goBuildInfo('go1.22.1', '').subarray(0, 41), varint(2 ** 34), Buffer.alloc(100)]);
    assert.equal(readBinary('bin/app', elfProgram({ data: endless }))?.go, undefined);
  });

  it('a line table that claims the largest sizes is no table', () => {
    const text = Buffer.from('\xff Go build ID: "a/b"', 'latin1');
    const table = Buffer.alloc(128, 0xff);
    table.write('f1ffffff00000108', 'hex');
    const data = Buffer.concat([table, goBuildInfo('go1.22.1', '')]);
    const file = readBinary('bin/app', elfProgram({ text, data }));
    assert.equal(file?.go?.builds.length, 1);
    assert.equal(file?.go?.linked, undefined);
  });

  it('more modules than fit are counted, and the text is read in linear time', () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `dep\texample.com/m${i}\tv1.0.0`).join('\n');
    const build = parseBuildInfo('go1.22.1', `${lines}\n${'dep\t'.repeat(500_000)}\n`);
    assert.equal(build.modules.length, 20_000);
    assert.equal(build.malformed, 10_000);
  });

  it('a list of crates that unpacks without end is damaged, and said so', () => {
    const bomb = deflateSync(`{"packages":[${'0,'.repeat(6_000_000)}0]}`);
    const file = readBinary('bin/app', elfProgram({ tail: bomb }));
    assert.deepEqual(file?.rust, { lists: [], damaged: true });
    const deep = deflateSync(`{"packages":${'['.repeat(50_000)}`);
    assert.equal(parseAuditData(deep), undefined);
    const keys = parseAuditData(
      auditSection(
        JSON.parse(
          '{"__proto__":{"packages":[]},"packages":[{"name":"constructor","version":"1.0.0","source":"crates.io"}]}',
        ),
      ),
    );
    assert.deepEqual(keys?.crates, [{ name: 'constructor', version: '1.0.0' }]);
  });

  it('a file of zlib headers is tried a bounded number of times', () => {
    const tail = Buffer.alloc(3_000_000, Buffer.from('78da0d', 'hex'));
    const before = process.cpuUsage();
    assert.deepEqual(readBinary('bin/app', elfProgram({ tail }))?.rust, { lists: [], damaged: true });
    assert.ok(process.cpuUsage(before).user < 20_000_000);
  });

  it('texts of lock files and names never throw', () => {
    const words = fc.constantFrom(
      'require',
      'replace',
      '(',
      ')',
      '=>',
      'example.com/a',
      'v1.0.0',
      '\t',
      ' ',
      '\n',
      '"',
      '//',
      '[[package]]',
      'name = "',
      'dep',
      'mod',
    );
    const text = fc.oneof(
      fc
        .array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 60 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        parseGoMod(value);
        parseGoSum(value);
        parseCargoLock(value);
        parseBuildInfo(value, value);
        releaseOf(value);
        importPathOf(value);
        assert.equal(goVersions.valid(value) && goVersions.compare(value, value) !== 0, false);
      }),
      { numRuns: 500 },
    );
  });

  it('versions of any length are answered at once', () => {
    for (const version of [
      '1.'.repeat(50_000),
      `1.0.0-${'a'.repeat(100_000)}!`,
      'v'.repeat(100_000),
      `${'9'.repeat(100_000)}rc1`,
    ]) {
      assert.equal(goVersions.valid(version), false);
    }
  });
});
