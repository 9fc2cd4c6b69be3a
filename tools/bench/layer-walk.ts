/**
 * How fast a layer is walked, compared with the least that any tool must do: `gzip -dc LAYER | sha256sum`.
 *   node tools/bench/layer-walk.ts [compressed MB, default 200]
 * Prints the ratio of wall times, throughput, peak memory, the tar reader alone, and the merging of 100,000 entries.
 */

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import {
  buildUnionView,
  createTarParser,
  type Digest,
  defaultLayerLimits,
  encodeEntry,
  type FileEntry,
  type LayerHandle,
  type LayerTree,
  tarEnd,
  tarPadding,
  walkLayer,
} from '../../src/image/index.ts';

const megabyte = 1_000_000;
const target = Number(process.argv[2] ?? 200) * megabyte;

/** Bytes that shrink like the files of a distribution: words, numbers, and stretches of noise. */
function content(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed | 1;
  for (let at = 0; at < size; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    if (state % 16 === 0) {
      const noise = createHash('sha512').update(String(state)).digest();
      at += noise.copy(bytes, at);
    } else {
      at += bytes.write(`word${state % 3000} = value${state % 17};\n`, at, 'latin1');
    }
  }
  return bytes;
}

/** A tar of files between 0 and 600 KB until the compressed size is reached. */
function* archive(written: () => number): Generator<Uint8Array> {
  const pool = content(8 * megabyte, 7);
  for (let i = 0; written() < target; i++) {
    const size = i % 10 === 0 ? (i * 7919) % 600_000 : (i * 104_729) % 12_000;
    const path = `usr/lib/package${i % 400}/part${i % 9}/file${i}.py`;
    const from = (i * 15_485_863) % (pool.length - size);
    yield encodeEntry({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 1_700_000_000 });
    yield pool.subarray(from, from + size);
    yield tarPadding(size);
  }
  yield tarEnd;
}

async function writeLayer(file: string): Promise<Digest> {
  let written = 0;
  const hash = createHash('sha256');
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const source = Readable.from(
    archive(() => written),
    { objectMode: false },
  );
  await pipeline(source, createGzip({ level: 6 }), meter, createWriteStream(file));
  return `sha256:${hash.digest('hex')}`;
}

/** The file as a layer, with the digest check that every source makes. */
function layerOf(file: string, digest: Digest): LayerHandle {
  return {
    descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: statSync(file).size },
    diffId: digest,
    foreign: false,
    open: async () => {
      const hash = createHash('sha256');
      const verify = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
        flush(done) {
          done(`sha256:${hash.digest('hex')}` === digest ? null : new Error('digest mismatch'));
        },
      });
      return createReadStream(file, { highWaterMark: 1 << 18 }).pipe(verify);
    },
  };
}

async function timed<T>(work: () => Promise<T> | T): Promise<{ seconds: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { seconds: (performance.now() - start) / 1000, value };
}

/** `gzip -dc FILE | sha256sum`, both programs at once as a shell would run them. */
async function reference(file: string): Promise<void> {
  const gzip = spawn('gzip', ['-dc', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const sha = spawn('sha256sum', { stdio: [gzip.stdout, 'ignore', 'inherit'] });
  gzip.stdout.destroy();
  await Promise.all([gzip, sha].map((child) => new Promise((resolve) => child.once('close', resolve))));
}

function benchReader(): string {
  const header = encodeEntry({
    path: 'usr/share/doc/some-package/file',
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: 8000,
    mtime: 1,
  });
  const one = Buffer.concat([header, Buffer.alloc(8000), tarPadding(8000)]);
  const chunk = Buffer.concat(Array.from({ length: 120 }, () => one));
  const parser = createTarParser(defaultLayerLimits);
  const rounds = 1500;
  const start = performance.now();
  for (let i = 0; i < rounds; i++) {
    parser.feed(chunk);
    for (let event = parser.next(); event.kind !== 'more'; event = parser.next()) parser.skip();
  }
  const seconds = (performance.now() - start) / 1000;
  return `${((chunk.length * rounds) / 1e9 / seconds).toFixed(2)} GB/s of tar, ${Math.round((120 * rounds) / seconds / 1000)} k entries/s`;
}

function benchUnion(): string {
  const entries: FileEntry[] = [];
  const plain = { mode: 0o644, uid: 0, gid: 0, size: 100, mtime: 0 };
  for (let i = 0; i < 100_000; i++) {
    entries.push({
      ...plain,
      path: `usr/lib/python3/dist-packages/package${i % 900}/module${i % 7}/file${i}.py`,
      type: 'file',
    });
  }
  const layers: LayerTree[] = [0, 1, 2, 3].map((part) => ({
    entries: entries.filter((_, i) => i % 4 === part),
    whiteouts: part === 0 ? [] : [`usr/lib/python3/dist-packages/package${part}`],
    opaques: [],
  }));
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    buildUnionView(layers);
    return Math.round(performance.now() - start);
  });
  return `${times.join(', ')} ms for 100,000 entries in four layers (the first run is cold)`;
}

/** Peak memory of a process that does nothing but walk the layer. */
function peakMemory(file: string, digest: Digest): string {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--walk', file, digest], {
    encoding: 'utf8',
  });
  return child.stdout.trim();
}

if (process.argv[2] === '--walk') {
  await walkLayer(layerOf(process.argv[3] ?? '', process.argv[4] as Digest), [], {
    signal: new AbortController().signal,
  });
  console.log(`${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  process.exit(0);
}

const directory = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
try {
  console.log(`union view   ${benchUnion()}`);
  console.log(`tar reader   ${benchReader()}`);
  const file = join(directory, 'layer.tar.gz');
  const digest = await writeLayer(file);
  const layer = layerOf(file, digest);
  spawnSync('cat', [file], { stdio: ['ignore', 'ignore', 'ignore'] });
  const { signal } = new AbortController();
  for (const round of [1, 2]) {
    const base = await timed(() => reference(file));
    const walk = await timed(() => walkLayer(layer, [], { signal }));
    const { uncompressedBytes, compressedBytes, tree } = walk.value;
    const megabytes = (bytes: number): string => `${Math.round(bytes / megabyte)} MB`;
    console.log(
      `round ${round}      ${megabytes(compressedBytes)} → ${megabytes(uncompressedBytes)}, ${tree.entries.length} entries: ` +
        `walk ${walk.seconds.toFixed(2)} s (${Math.round(uncompressedBytes / megabyte / walk.seconds)} MB/s), ` +
        `gzip | sha256sum ${base.seconds.toFixed(2)} s, ratio ${(walk.seconds / base.seconds).toFixed(2)}`,
    );
  }
  console.log(`peak memory  ${peakMemory(file, digest)}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
