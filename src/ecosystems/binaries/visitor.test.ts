import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditSection, elfProgram, goBuildInfo, readBinary, realBinary } from '../../../test/support/binary-files.ts';
import { binaryVisitor } from './visitor.ts';

const old = 'path\texample.com/old\nmod\texample.com/old\t(devel)\t\ndep\tgopkg.in/yaml.v2\tv2.2.7\th1:x=\n';
const crates = { packages: [{ name: 'smallvec', version: '1.6.0', source: 'crates.io' }] };

describe('the executables of a layer', () => {
  it('are read alike, wherever chunks end', () => {
    for (const name of ['go-1.26', 'go-1.17', 'rust'] as const) {
      const whole = readBinary('app', realBinary(name), 1 << 30);
      assert.ok(whole?.go !== undefined || whole?.rust !== undefined);
      for (const chunk of [1 << 20, 65_536, 4099]) {
        assert.deepEqual(readBinary('app', realBinary(name), chunk), whole, `${name}, ${chunk}`);
      }
    }
  });

  it('tell what Go and Rust left in them', () => {
    const modern = readBinary('app', realBinary('go-1.26'))?.go;
    assert.deepEqual(
      modern?.builds.map(({ go, modules }) => [go, modules]),
      [['go1.26.8', [{ path: 'golang.org/x/exp', version: 'v0.0.0-20220722155223-a9213eeb770e' }]]],
    );
    assert.ok(modern?.linked?.includes('runtime') && modern.linked.includes('main'));
    // Its package of constraints has no functions.
    assert.ok(!modern?.linked?.includes('golang.org/x/exp/constraints'));
    const classic = readBinary('app', realBinary('go-1.17'))?.go;
    assert.deepEqual(
      classic?.builds.map(({ go, modules }) => [go, modules]),
      [['go1.17.13', [{ path: 'gopkg.in/yaml.v2', version: 'v2.2.7' }]]],
    );
    assert.ok(classic?.linked?.includes('gopkg.in/yaml.v2'));
    const rust = readBinary('app', realBinary('rust'))?.rust;
    assert.deepEqual(rust?.lists[0]?.crates.map(({ name, version }) => `${name} ${version}`).sort(), [
      'itoa 1.0.9',
      'smallvec 1.6.0',
    ]);
  });

  it('are found by mode, by name, and by their first bytes', () => {
    const program = elfProgram({ data: goBuildInfo('go1.22.1', old) });
    const reads = (path: string, mode: number, bytes = program): boolean =>
      readBinary(path, bytes, 3, mode) !== undefined;
    assert.ok(reads('app', 0o700));
    assert.ok(!reads('app', 0o644));
    assert.ok(reads('lib/x.so', 0o644));
    assert.ok(reads('lib/x.so.1.2', 0o644));
    assert.ok(!reads('x.so.d/readme', 0o644));
    assert.ok(!reads('script', 0o755, Buffer.concat([Buffer.from('#!/bin/sh\n'), program])));
    assert.equal(binaryVisitor().wants({ ...entry('usr/lib/jvm/release'), mode: 0o644, size: 40 }), 'sink');
  });

  it('tell of the program itself, not of one that is embedded in it', () => {
    const other = goBuildInfo('go1.20.1', old.replace('v2.2.7', 'v2.0.0'));
    const file = readBinary('app', elfProgram({ text: other, data: goBuildInfo('go1.22.1', old) }));
    assert.deepEqual(
      file?.go?.builds.map(({ go }) => go),
      ['go1.22.1'],
    );
  });

  it('are known as programs, or as made by Go, without more', () => {
    assert.deepEqual(readBinary('bin/x', elfProgram({ text: Buffer.alloc(64) })), { path: 'bin/x', program: true });
    assert.equal(readBinary('lib/x.so', elfProgram({ text: Buffer.alloc(64) })), undefined);
    const stripped = elfProgram({ text: Buffer.from('\xff Go build ID: "abc/def"', 'latin1') });
    assert.deepEqual(readBinary('x', stripped)?.go, { builds: [], unknown: true });
    assert.equal(readBinary('x', elfProgram({ text: Buffer.from('UPX!') }))?.packed, true);
  });

  it('keep crates in sections of PE, Mach-O, fat files and WebAssembly', () => {
    const section = auditSection(crates);
    for (const bytes of [windowsProgram(section), appleProgram(section), fatProgram(section), wasmModule(section)]) {
      assert.deepEqual(readBinary('app', bytes, 1000)?.rust?.lists[0]?.crates, [
        { name: 'smallvec', version: '1.6.0' },
      ]);
    }
  });

  it('have crates in ELF behind what is loaded only', () => {
    const section = auditSection(crates);
    assert.equal(readBinary('app', elfProgram({ text: section }))?.rust, undefined);
    assert.equal(readBinary('app', elfProgram({ tail: section }))?.rust?.lists.length, 1);
  });

  it('count where a name comes twice: the last entry is what stays', () => {
    const visitor = binaryVisitor();
    for (const bytes of [elfProgram({ data: goBuildInfo('go1.22.1', old) }), Buffer.alloc(500)]) {
      const sink = visitor.sink?.(entry('app'));
      sink?.chunk(bytes);
      sink?.end();
    }
    assert.deepEqual(visitor.finish().files, []);
  });
});

function entry(path: string) {
  return { path, type: 'file' as const, mode: 0o755, size: 1000, uid: 0, gid: 0, mtime: 0 };
}

function windowsProgram(section: Buffer): Buffer {
  const head = Buffer.alloc(1024);
  head.write('MZ');
  head.writeUInt32LE(128, 60);
  head.write('PE\0\0', 128);
  head.writeUInt16LE(1, 134);
  head.writeUInt16LE(240, 148);
  head.writeUInt16LE(0x20b, 152);
  head.write('.dep-v0', 392);
  head.writeUInt32LE(section.length, 400);
  head.writeUInt32LE(4096, 404);
  head.writeUInt32LE(section.length + 100, 408);
  head.writeUInt32LE(1024, 412);
  return Buffer.concat([head, section, Buffer.alloc(100)]);
}

function appleProgram(section: Buffer): Buffer {
  const head = Buffer.alloc(40_960);
  head.writeUInt32LE(0xfeedfacf, 0);
  head.writeUInt32LE(1, 16);
  head.writeUInt32LE(0x19, 32);
  head.writeUInt32LE(152, 36);
  head.writeUInt32LE(1, 32 + 64);
  head.write('.dep-v0', 104);
  head.write('__DATA', 120);
  head.writeBigUInt64LE(BigInt(section.length), 104 + 40);
  head.writeUInt32LE(head.length, 104 + 48);
  return Buffer.concat([head, section, Buffer.alloc(64)]);
}

function fatProgram(section: Buffer): Buffer {
  const head = Buffer.alloc(4096);
  head.writeUInt32BE(0xcafebabe, 0);
  head.writeUInt32BE(1, 4);
  head.writeUInt32BE(4096, 16);
  return Buffer.concat([head, appleProgram(section)]);
}

function wasmModule(section: Buffer): Buffer {
  const name = Buffer.from('\x07.dep-v0', 'latin1');
  const code = Buffer.alloc(200, 1);
  const head = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...code, 0, 0x80, 1]);
  return Buffer.concat([head, name, section, Buffer.alloc(64)]);
}
