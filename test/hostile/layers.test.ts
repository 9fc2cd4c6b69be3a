import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import {
  appendToConfig,
  buildUnionView,
  defaultLayerLimits,
  digestOf,
  type LayerHandle,
  type LayerLimits,
  type LayerWalk,
  walkLayer,
} from '../../src/image/index.ts';
import { layerOf } from '../support/layers.ts';
import { paxBody, rawEnd, rawEntry, rawHeader } from '../support/raw-tar.ts';
import { tar } from '../support/test-image.ts';

const directory = { type: 'directory' } as const;
const limits: LayerLimits = { ...defaultLayerLimits, ratioAfter: 4 << 20, layerBytes: 64 << 20, entries: 5000 };
const archive = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, rawEnd]);
const good = rawEntry({ name: 'good' }, 'content');

/** A layer whose bytes are made while they are read, so that a bomb needs no memory on our side either. */
function streamed(chunks: () => Iterable<Buffer>, pack: 'gzip' | 'none'): LayerHandle {
  return {
    ...layerOf(Buffer.alloc(0)),
    open: async () => {
      const source = Readable.from(chunks(), { objectMode: false });
      return pack === 'gzip' ? source.pipe(createGzip({ level: 9 })) : source;
    },
  };
}

function* repeat(chunk: Buffer, times: number): Generator<Buffer> {
  for (let i = 0; i < times; i++) yield chunk;
}

interface Expected {
  /** Paths of the tree, in order. */
  readonly paths?: readonly string[];
  /** Codes of all diagnostics, in order. */
  readonly codes?: readonly string[];
  /** Whether the result must say that it is not complete. */
  readonly partial?: boolean;
  /** Code of the error that ends the walk. */
  readonly error?: string;
}

interface Case {
  readonly group: 1 | 2 | 3 | 4 | 5;
  readonly name: string;
  readonly layer: () => LayerHandle;
  readonly expect: Expected;
  readonly check?: (walk: LayerWalk) => void;
}

const of =
  (bytes: Buffer): (() => LayerHandle) =>
  () =>
    layerOf(bytes);
const rejected: Expected = { paths: ['good'], codes: ['suspicious_archive'], partial: true };
const base256 = (...bytes: number[]): Buffer => Buffer.from([0x80, ...new Array(11 - bytes.length).fill(0), ...bytes]);

const cases: readonly Case[] = [
  {
    group: 1,
    name: 'a name that leaves the root',
    layer: of(archive(rawEntry({ name: '../../etc/cron.d/x' }, 'x'), good)),
    expect: rejected,
  },
  {
    group: 1,
    name: 'an absolute name',
    layer: of(archive(rawEntry({ name: '/etc/x' }))),
    expect: { paths: ['etc/x'], codes: [] },
  },
  {
    group: 1,
    name: 'a way back inside',
    layer: of(archive(rawEntry({ name: 'a/../b' }))),
    expect: { paths: ['b'], codes: [] },
  },
  { group: 1, name: 'a way back too far', layer: of(archive(rawEntry({ name: 'a/../../b' }), good)), expect: rejected },
  {
    group: 1,
    name: 'backslashes and drives',
    layer: of(archive(rawEntry({ name: '..\\..\\x' }), rawEntry({ name: 'C:\\x' }))),
    expect: { paths: ['..\\..\\x', 'C:\\x'], codes: [] },
  },
  {
    group: 1,
    name: 'NUL in a PAX name',
    layer: of(archive(rawEntry({ flag: 'x' }, paxBody({ path: 'a\0b' })), rawEntry({ name: 'n' }), good)),
    expect: rejected,
  },
  {
    group: 1,
    name: 'a name of 64 KiB',
    layer: of(archive(rawEntry({ flag: 'L' }, 'x'.repeat(65536)), rawEntry({ name: 'n' }, 'body'), good)),
    expect: rejected,
  },
  {
    group: 1,
    name: 'a name of 4,096 bytes',
    layer: of(archive(rawEntry({ flag: 'L' }, 'x'.repeat(4096)), rawEntry({ name: 'n' }))),
    expect: { paths: ['x'.repeat(4096)], codes: [] },
  },
  {
    group: 1,
    name: 'names that are not UTF-8',
    layer: of(archive(rawEntry({ name: Buffer.from([0xff, 0x2f, 0xc3]) }))),
    expect: { paths: ['\udcff/\udcc3'], codes: [] },
  },
  {
    group: 2,
    name: 'a hard link out of the root',
    layer: of(archive(rawEntry({ name: 'h', flag: '1', link: '../../x' }), good)),
    expect: rejected,
  },
  {
    group: 2,
    name: 'NUL in a PAX link',
    layer: of(
      archive(rawEntry({ flag: 'x' }, paxBody({ linkpath: 'a\0b' })), rawEntry({ name: 's', flag: '2' }), good),
    ),
    expect: rejected,
  },
  {
    group: 3,
    name: 'devices, pipes and set-id files',
    layer: of(
      archive(
        rawEntry({ name: 'c', flag: '3', devMajor: 1, size: 512 }),
        rawEntry({ name: 'b', flag: '4' }),
        rawEntry({ name: 'p', flag: '6' }),
        rawEntry({ name: 's', mode: 0o6755 }),
      ),
    ),
    expect: { paths: ['c', 'b', 'p', 's'], codes: [] },
    check: ({ tree }) => assert.equal(tree.entries[3]?.mode, 0o6755),
  },
  {
    group: 3,
    name: 'a sparse file that claims 8 EiB',
    layer: of(
      archive(
        rawEntry(
          {
            name: 's',
            flag: 'S',
            magic: 'ustar  \0',
            patch: [[483, base256(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)]],
          },
          'x',
        ),
        good,
      ),
    ),
    expect: { paths: ['s', 'good'], codes: ['sparse_file'], partial: true },
  },
  {
    group: 3,
    name: 'a file that claims 8 EiB',
    layer: of(
      Buffer.concat([
        rawHeader({ name: 'f', size: base256(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff) }),
        Buffer.alloc(3000),
      ]),
    ),
    expect: { paths: ['f'], codes: ['file_too_large', 'truncated_tar'], partial: true },
  },
  {
    group: 3,
    name: 'a negative size',
    layer: of(archive(good, rawEntry({ name: 'f', size: Buffer.alloc(12, 0xff) }))),
    expect: { paths: ['good'], codes: ['invalid_tar'], partial: true },
  },
  {
    group: 4,
    name: 'a gzip bomb over the ratio',
    layer: () => streamed(() => repeat(Buffer.alloc(1 << 20), 40), 'gzip'),
    expect: { error: 'too_large' },
  },
  {
    group: 4,
    name: 'more than a layer may have',
    layer: () =>
      streamed(
        () => repeat(Buffer.concat([rawHeader({ name: 'r', size: 1 << 20 }), Buffer.alloc(1 << 20, 'noise')]), 70),
        'none',
      ),
    expect: { error: 'too_large' },
  },
  {
    group: 4,
    name: 'a gzip bomb inside gzip',
    layer: of(gzipSync(gzipSync(Buffer.alloc(60 << 20)))),
    expect: { paths: [], codes: ['invalid_tar'], partial: true },
  },
  {
    group: 4,
    name: 'a zstd bomb',
    layer: of(zstdCompressSync(Buffer.alloc(60 << 20))),
    expect: { error: 'too_large' },
  },
  {
    group: 4,
    name: 'zstd with a window of 2 GiB',
    // Magic, then a frame header without single-segment flag: window descriptor for exponent 21, which is 2 GiB.
    layer: of(Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3]), Buffer.from([0x01, 0x00, 0x00])])),
    expect: { error: 'corrupt_layer' },
  },
  {
    group: 4,
    name: 'truncated gzip',
    layer: of(gzipSync(archive(good)).subarray(0, -10)),
    expect: { error: 'corrupt_layer' },
  },
  {
    group: 4,
    name: 'concatenated members',
    layer: of(Buffer.concat([gzipSync(good), gzipSync(rawEnd)])),
    expect: { paths: ['good'], codes: [] },
  },
  {
    group: 4,
    name: 'garbage behind gzip',
    layer: of(Buffer.concat([gzipSync(archive(good)), Buffer.from('garbage')])),
    expect: { paths: ['good'], codes: ['trailing_data'] },
  },
  {
    group: 4,
    name: 'an archive behind the archive',
    layer: of(gzipSync(Buffer.concat([archive(good), archive(good)]))),
    expect: { paths: ['good'], codes: ['trailing_data'] },
  },
  {
    group: 5,
    name: 'too many empty entries',
    layer: () =>
      streamed(
        () => repeat(Buffer.concat(Array.from({ length: 100 }, (_, i) => rawHeader({ name: `e${i}` }))), 60),
        'gzip',
      ),
    expect: { error: 'too_many_entries' },
  },
  {
    group: 5,
    name: 'long-name headers without end',
    layer: () => streamed(() => repeat(rawEntry({ flag: 'L' }, 'x'), 6000), 'none'),
    expect: { error: 'too_many_entries' },
  },
  {
    group: 5,
    name: 'a PAX header that claims 1 GiB',
    layer: of(Buffer.concat([rawHeader({ flag: 'x', size: 1 << 30 }), Buffer.alloc(2048)])),
    expect: { paths: [], codes: ['truncated_tar'], partial: true },
  },
  {
    group: 5,
    name: 'a PAX header of 2 MiB',
    layer: of(archive(rawEntry({ flag: 'x' }, Buffer.alloc(2 << 20, 'x')), rawEntry({ name: 'n' }), good)),
    expect: rejected,
  },
  {
    group: 5,
    name: 'global headers that add up',
    layer: of(
      archive(
        ...Array.from({ length: 3 }, (_, i) => rawEntry({ flag: 'g' }, paxBody({ [`k${i}`]: 'x'.repeat(500_000) }))),
        good,
      ),
    ),
    expect: { paths: ['good'], codes: ['suspicious_archive'], partial: true },
  },
  {
    group: 5,
    name: 'a name twice',
    layer: of(tar({ a: '1', './a': '22' })),
    expect: { paths: ['a', 'a'], codes: [] },
    check: ({ tree }) => assert.equal(buildUnionView([tree]).entry('a')?.size, 2),
  },
  {
    group: 5,
    name: 'a wrong checksum',
    layer: of(archive(good, rawEntry({ name: 'b', checksumError: 3 }))),
    expect: { paths: ['good'], codes: ['invalid_tar'], partial: true },
  },
  { group: 5, name: 'no end blocks', layer: of(good), expect: { paths: ['good'], codes: ['truncated_tar'] } },
  {
    group: 5,
    name: 'cut in the middle of a file',
    layer: of(rawEntry({ name: 'good' }, 'x'.repeat(2000)).subarray(0, 1000)),
    expect: { paths: ['good'], codes: ['truncated_tar'], partial: true },
  },
  {
    group: 5,
    name: 'names and attributes over the memory limit',
    layer: () =>
      streamed(
        () =>
          repeat(
            Buffer.concat([
              rawEntry({ flag: 'x' }, paxBody({ 'SCHILY.xattr.user.x': Buffer.alloc(900_000, 'y') })),
              rawEntry({ name: 'n' }),
            ]),
            20,
          ),
        'none',
      ),
    expect: { error: 'too_large' },
  },
  {
    group: 3,
    name: 'an xattr with a hostile name',
    layer: of(archive(rawEntry({ flag: 'x' }, paxBody({ 'SCHILY.xattr.__proto__': 'v' })), rawEntry({ name: 'n' }))),
    expect: { paths: ['n'], codes: [] },
    check: ({ tree }) => assert.equal(Buffer.from(tree.entries[0]?.xattrs?.get('__proto__') ?? '').toString(), 'v'),
  },
];

/** Looks at everything, as a detector would. */
const curious = () => ({
  id: 'curious',
  version: 1,
  bytes: 0,
  wants: () => 'whole' as const,
  file(): void {},
  finish: () => null,
});

describe('hostile layers', () => {
  for (const { group, name, layer, expect, check } of cases) {
    it(`group ${group}: ${name}`, async () => {
      const own: LayerLimits = { ...limits, metadataBytes: 16 << 20 };
      const walking = walkLayer(layer(), [curious()], { signal: AbortSignal.timeout(20_000), limits: own });
      if (expect.error !== undefined) {
        await assert.rejects(walking, { code: expect.error });
        return;
      }
      const walk = await walking;
      assert.deepEqual(
        walk.tree.entries.map(({ path }) => path),
        expect.paths,
      );
      assert.deepEqual(
        walk.diagnostics.map(({ code }) => code),
        expect.codes,
      );
      assert.equal(
        walk.diagnostics.some(({ partial }) => partial),
        expect.partial ?? false,
      );
      check?.(walk);
    });
  }

  it('group 4: a bomb costs little memory', async () => {
    const before = process.memoryUsage.rss();
    const bomb = streamed(() => repeat(Buffer.alloc(1 << 20), 1000), 'gzip');
    const own = { ...limits, layerBytes: 384 << 20, ratio: 1e9 };
    await assert.rejects(walkLayer(bomb, [], { signal: AbortSignal.timeout(60_000), limits: own }), {
      code: 'too_large',
    });
    const grown = (process.memoryUsage.rss() - before) >> 20;
    assert.ok(grown < 150, `${grown} MiB`);
  });

  it('group 2: links are followed inside the image only', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`l${i}`, { type: 'symlink', link: `l${i + 1}` } as const]),
    );
    const walk = await walkLayer(
      layerOf(
        tar({
          'etc/': directory,
          'etc/passwd': 'inside',
          a: { type: 'symlink', link: '/etc' },
          up: { type: 'symlink', link: '../../../../etc/passwd' },
          loop: { type: 'symlink', link: 'loop' },
          drive: { type: 'symlink', link: 'C:../x' },
          ...chain,
          l1000: 'end',
        }),
      ),
      [],
      { signal: AbortSignal.timeout(5000) },
    );
    const above = await walkLayer(layerOf(tar({ 'a/passwd': 'replaced', 'loop/x': 'nowhere' })), [], {
      signal: AbortSignal.timeout(5000),
    });
    const view = buildUnionView([walk.tree, above.tree]);
    assert.deepEqual(view.entry('etc/passwd')?.content, { layer: 1, path: 'a/passwd', size: 8 });
    assert.equal(view.resolve('up')?.path, 'etc/passwd');
    assert.equal(view.resolve('loop'), undefined);
    assert.equal(view.resolve('drive'), undefined);
    assert.equal(view.resolve('l0'), undefined);
    assert.equal(view.resolve('l961')?.path, 'l1000');
    assert.deepEqual(
      view.diagnostics.map(({ code, path, partial }) => [code, path, partial]),
      [['suspicious_archive', 'loop/x', true]],
    );
  });

  it('group 9: whiteouts of nothing and of the root change nothing', async () => {
    const lower = await walkLayer(layerOf(tar({ 'a/': directory, 'a/b': '1' })), [], {
      signal: AbortSignal.timeout(5000),
    });
    const upper = await walkLayer(
      layerOf(
        tar({
          '.wh.': '',
          'a/.wh..': '',
          'a/.wh...': '',
          '.wh.missing': '',
          'x/.wh..wh..opq': '',
          '.wh..wh.aufs': '',
          'a/.wh..wh.plnk/1': '',
        }),
      ),
      [],
      { signal: AbortSignal.timeout(5000) },
    );
    const view = buildUnionView([lower.tree, upper.tree]);
    assert.deepEqual(
      [...view.entries()].map(({ path }) => path),
      ['a', 'a/b'],
    );
    assert.deepEqual(
      upper.diagnostics.map(({ code, path }) => [code, path]),
      [
        ['suspicious_archive', '.wh.'],
        ['suspicious_archive', 'a/.wh..'],
        ['suspicious_archive', 'a/.wh...'],
      ],
    );
    const all = await walkLayer(layerOf(tar({ '.wh..wh..opq': '', new: '1' })), [], {
      signal: AbortSignal.timeout(5000),
    });
    assert.deepEqual(
      [...buildUnionView([lower.tree, all.tree]).entries()].map(({ path }) => path),
      ['new'],
    );
  });

  it('group 5: no step is quadratic', async () => {
    const many = (count: number): Buffer =>
      archive(
        ...Array.from({ length: count }, (_, i) => rawHeader({ name: `d/${i % 7}/f${i}` })),
        ...Array.from({ length: count }, (_, i) => rawHeader({ name: `d/${i % 7}/.wh.g${i}` })),
      );
    const time = async (count: number): Promise<number> => {
      const bytes = many(count);
      // What it computes, not how long it waits for a processor.
      const start = process.cpuUsage();
      const { tree } = await walkLayer(layerOf(bytes), [], { signal: AbortSignal.timeout(60_000) });
      buildUnionView([tree, tree, tree]);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    await time(2000);
    const [small, large] = [await time(4000), await time(32_000)];
    assert.ok(large < 40 * Math.max(small, 5), `${small} ms for 4,000, ${large} ms for 32,000`);
  });

  it('group 6: a layer of another digest yields nothing', async () => {
    const bytes = archive(good);
    const lying = layerOf(bytes, { digest: digestOf('other') });
    await assert.rejects(walkLayer(lying, [], { signal: AbortSignal.timeout(5000) }), { code: 'digest_mismatch' });
  });

  it('group 33: an odd config stays byte by byte, except where the layer is added', () => {
    const before = [
      '{ "created" :"9999-12-31T23:59:59.999999999Z","architecture":"amd64",\t"os":"linux",',
      '"config":{"User":1000,"Entrypoint":"","OnBuild":["RUN $(id)"],"Shell":["/bin/odd","\\u0000"],',
      '"Healthcheck":{"Test":["CMD-SHELL","`id`"],"Interval":3e10},"Labels":{"big":"',
      'x'.repeat(1 << 20),
      '"}},"unknown":{"nested":[1.0,1e+2,-0,12345678901234567890]},"x":"\\/\\ud83d\\ude00",',
      `"rootfs":{"type":"layers","diff_ids":["${digestOf('1')}"]},"history":[{"a":1},{"b":2},{"c":3,"empty_layer":false}] }\r\n`,
    ].join('');
    const added = {
      diffId: digestOf('2'),
      historyEntry: { created_by: 'new' },
      created: '2026-01-01T00:00:00Z',
      labels: { ours: 'l' },
    };
    const { bytes } = appendToConfig(Buffer.from(before), added);
    const undone = Buffer.from(bytes)
      .toString()
      .replace(`,"${digestOf('2')}"`, '')
      .replace(',{"created_by":"new"}', '')
      .replace(',"ours":"l"', '')
      .replace('2026-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z');
    assert.ok(undone === before);
    assert.equal(bytes.length - before.length, 74 + 21 + 11 - 10);
  });
});
