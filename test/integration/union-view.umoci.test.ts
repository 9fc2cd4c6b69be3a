import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { buildUnionView, createLayerWriter, type LayerTree, type UnionView } from '../../src/image/index.ts';
import { layerOf, memoryBlobs, treeOf } from '../support/layers.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';
import { buildTestImage, type TarMember, type TestImage, tar } from '../support/test-image.ts';

type Layer = Readonly<Record<string, TarMember | string>>;

const directory = (mode = 0o755): TarMember => ({ type: 'directory', mode });
const symlink = (link: string): TarMember => ({ type: 'symlink', link });
const hardlink = (link: string): TarMember => ({ type: 'hardlink', link });
const whiteout = '';

/** Images whose merged file system an independent unpacker must see as we do. */
const cases: { name: string; layers: Layer[] }[] = [
  { name: 'one layer without directories', layers: [{ 'a/b/c': 'x', top: 'y' }] },
  {
    name: 'a whiteout of a file and of a tree',
    layers: [
      { 'd/': directory(), 'd/a': '1', 'd/b': '2', 'e/': directory(), 'e/f/': directory(), 'e/f/g': '3' },
      { 'd/.wh.a': whiteout, '.wh.e': whiteout },
    ],
  },
  {
    name: 'an opaque directory with new siblings',
    layers: [
      { 'd/': directory(), 'd/a': '1', 'd/s/': directory(), 'd/s/x': '2' },
      { 'd/': directory(0o700), 'd/new': '3', 'd/.wh..wh..opq': whiteout },
    ],
  },
  {
    name: 'a whiteout and a new file of the same name, above',
    layers: [{ 'd/': directory(), 'd/a': '1' }, { 'd/.wh.a': whiteout }, { 'd/a': '2' }],
  },
  { name: 'a file over a directory', layers: [{ 'd/': directory(), 'd/a': '1' }, { d: 'file' }] },
  { name: 'a directory over a file', layers: [{ d: 'file' }, { 'd/': directory(), 'd/a': '1' }] },
  {
    name: 'a directory over a directory takes the upper mode',
    layers: [
      { 'd/': directory(0o755), 'd/a': '1' },
      { 'd/': directory(0o711), 'd/b': '2' },
    ],
  },
  {
    name: 'entries through a link to a directory',
    layers: [
      { 'usr/': directory(), 'usr/lib/': directory(), lib: symlink('usr/lib') },
      { 'lib/x': '1', 'lib/sub/y': '2' },
    ],
  },
  {
    name: 'a whiteout through a link to a directory',
    layers: [
      { 'usr/': directory(), 'usr/lib/': directory(), 'usr/lib/a': '1', 'usr/lib/b': '2', lib: symlink('/usr/lib') },
      { 'lib/.wh.a': whiteout },
    ],
  },
  {
    name: 'a directory over a link to a directory',
    layers: [
      { 'real/': directory(), 'real/a': '1', l: symlink('real') },
      { 'l/': directory(), 'l/b': '2' },
    ],
  },
  {
    name: 'an opaque directory in the place of a link',
    layers: [
      { 'real/': directory(), 'real/a': '1', l: symlink('real') },
      { 'l/': directory(), 'l/.wh..wh..opq': whiteout, 'l/b': '2' },
    ],
  },
  {
    name: 'a link that climbs out of the root',
    layers: [{ l: symlink('../../../inside'), 'inside/': directory() }, { 'l/x': '1' }],
  },
  {
    name: 'a chain of links',
    layers: [{ 'd/': directory(), a: symlink('b'), b: symlink('/c'), c: symlink('./d/.') }, { 'a/x': '1' }],
  },
  { name: 'a link to nowhere as a parent', layers: [{ l: symlink('made/here') }, { 'l/x': '1' }] },
  {
    name: 'hard links in one layer',
    layers: [{ a: 'content', b: hardlink('a'), 'd/': directory(), 'd/c': hardlink('b') }],
  },
  { name: 'a hard link into a lower layer', layers: [{ a: 'content' }, { b: hardlink('a') }] },
  { name: 'a hard link survives its target', layers: [{ a: 'content', b: hardlink('a') }, { '.wh.a': whiteout }] },
  { name: 'a hard link to a link', layers: [{ a: 'content', l: symlink('a'), h: hardlink('l') }] },
  { name: 'the same name twice', layers: [{ a: '1', './a': '22' }] },
  { name: 'a link over a file and back', layers: [{ a: '1', b: '2' }, { a: symlink('b') }, { a: '3' }] },
  {
    name: 'names that look like whiteouts',
    layers: [
      { 'usr/': directory(), 'usr/whois': '1', 'usr/awh.x': '2', 'usr/x.wh.y': '3' },
      { 'usr/.wh.missing': whiteout },
    ],
  },
  {
    name: 'removal and renewal of a tree',
    layers: [{ 'd/': directory(), 'd/a': '1' }, { '.wh.d': whiteout }, { 'd/': directory(0o750), 'd/b': '2' }],
  },
  {
    name: 'modes with special bits',
    layers: [{ su: { mode: 0o4755, content: 'x' }, 'tmp/': directory(0o1777), 'sg/': directory(0o2755) }],
  },
  { name: 'a fifo', layers: [{ 'run/': directory(), 'run/p': { type: 'fifo' } }] },
];

/** Few names, so that layers meet often; mostly such that a directory stays one, or nothing could be unpacked. */
const directories = fc
  .array(fc.constantFrom('d', 'e'), { maxLength: 2 })
  .map((parts) => parts.map((part) => `${part}/`).join(''));
const leaves = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('x', 'y', 'z') },
  { weight: 1, arbitrary: fc.constantFrom('d', 'e') },
);
const names = fc.tuple(directories, leaves).map((parts) => parts.join(''));
const markers = fc.tuple(directories, fc.constantFrom('.wh.x', '.wh.y', '.wh.d', '.wh.e', '.wh..wh..opq'));
const member: fc.Arbitrary<[string, TarMember]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(
      names,
      fc.nat(3).map((size): TarMember => ({ content: 'x'.repeat(size) })),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(
      directories.map((name) => `d/${name}`),
      fc.constantFrom(0o755, 0o700).map(directory),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      names,
      fc.tuple(fc.constantFrom('/', ''), names).map((target) => symlink(target.join(''))),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      markers.map((parts) => parts.join('')),
      fc.constant({ content: '' }),
    ),
  },
);
const generatedLayer = fc
  .array(member, { minLength: 1, maxLength: 6 })
  .map((list) => withParents(Object.fromEntries(list)));
const generatedImage = fc.array(generatedLayer, { minLength: 2, maxLength: 4 });

/**
 * A layer with whiteouts names all its directories, as every real one does: which attributes a directory
 * gets that is hidden and not renewed is said nowhere.
 */
function withParents(layer: Layer): Layer {
  if (!Object.keys(layer).some((path) => path.includes('.wh.'))) return layer;
  const parents: Record<string, TarMember> = {};
  for (const path of Object.keys(layer)) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      parents[path.slice(0, at + 1)] = directory();
  }
  return { ...parents, ...layer };
}

/** path → type, mode, size or target: what both sides can say about a file system. */
type Listing = Map<string, string>;

function listView(view: UnionView): Listing {
  const listing: Listing = new Map();
  for (const entry of view.entries()) {
    const type = entry.type === 'hardlink' ? 'file' : entry.type;
    const size = type === 'file' ? ` ${entry.content?.size}` : '';
    const mode = type === 'symlink' ? '' : ` ${entry.mode.toString(8)}`;
    listing.set(entry.path, `${type}${mode}${size}${entry.type === 'symlink' ? ` ${entry.link}` : ''}`);
  }
  return listing;
}

async function listDirectory(root: string): Promise<Listing> {
  const listing: Listing = new Map();
  // Not `recursive`: that follows links, and those of an image lead out of the unpacked directory.
  const open = (await readdir(root)).toSorted();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const path = join(root, name);
    const stat = await lstat(path);
    if (stat.isDirectory()) for (const child of await readdir(path)) open.push(`${name}/${child}`);
    const type = stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : stat.isFIFO() ? 'fifo' : 'file';
    const mode = type === 'symlink' ? '' : ` ${(stat.mode & 0o7777).toString(8)}`;
    const size = type === 'file' ? ` ${stat.size}` : '';
    listing.set(name, `${type}${mode}${size}${type === 'symlink' ? ` ${await readlink(path)}` : ''}`);
  }
  return listing;
}

async function writeLayout(root: string, image: TestImage): Promise<void> {
  const blobs = join(root, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const all = new Map<string, Buffer>([...image.blobs, [image.digest, image.manifest]]);
  for (const [digest, bytes] of all) await writeFile(join(blobs, digest.slice('sha256:'.length)), bytes);
  await writeFile(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const annotations = { 'org.opencontainers.image.ref.name': 'test' };
  const manifests = [{ mediaType: image.mediaType, digest: image.digest, size: image.manifest.length, annotations }];
  await writeFile(join(root, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

/** Unpacks with umoci and lists the result. */
async function unpacked(umoci: string, layers: readonly Uint8Array[]): Promise<Listing> {
  const work = await mkdtemp(join(tmpdir(), 'drydock-umoci-'));
  try {
    const layout = join(work, 'layout');
    await writeLayout(layout, buildTestImage(layers));
    const mode = process.getuid?.() === 0 ? [] : ['--rootless'];
    await mustRun(umoci, ['unpack', ...mode, '--image', `${layout}:test`, join(work, 'bundle')]);
    return await listDirectory(join(work, 'bundle', 'rootfs'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const sorted = (listing: Listing): [string, string][] => [...listing].sort(([a], [b]) => (a < b ? -1 : 1));

describe('union view against umoci', () => {
  for (const { name, layers } of cases) {
    it(name, async (t) => {
      const system = needs(t, 'umoci');
      if (!system) return;
      const tars = layers.map((layer) => tar(layer));
      const trees: LayerTree[] = await Promise.all(tars.map(treeOf));
      assert.deepEqual(sorted(listView(buildUnionView(trees))), sorted(await unpacked(system.umoci, tars)));
    });
  }

  it('agrees on generated images', async (t) => {
    const system = needs(t, 'umoci');
    if (!system) return;
    let compared = 0;
    for (const layers of fc.sample(generatedImage, { seed: 20_261_120, numRuns: 80 })) {
      const tars = layers.map((layer) => tar(layer));
      const expected: Listing | undefined = await unpacked(system.umoci, tars).catch(() => undefined);
      // Some of what is generated cannot be unpacked at all (a file in the way of a directory, a loop of links).
      if (expected === undefined) continue;
      compared++;
      const view = buildUnionView(await Promise.all(tars.map(treeOf)));
      assert.deepEqual(sorted(listView(view)), sorted(expected), JSON.stringify(layers));
    }
    assert.ok(compared >= 40, `only ${compared} images could be compared`);
  });

  it('sees a written layer as an unpacker does', async (t) => {
    const system = needs(t, 'umoci');
    if (!system) return;
    const base = tar({
      'usr/': directory(),
      'usr/lib/': directory(0o711),
      'usr/lib/a': 'old',
      'usr/lib/gone': 'x',
      lib: symlink('usr/lib'),
      'opt/': directory(),
      'opt/x': '1',
    });
    const view = buildUnionView([await treeOf(base)]);
    const store = memoryBlobs();
    const signal = AbortSignal.timeout(10_000);
    const writer = createLayerWriter({ view, store, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', signal });
    const plain = { mode: 0o640, uid: 0, gid: 0, mtime: 1_000_000_000 };
    await writer.put({ ...plain, path: 'lib/a', type: 'file', size: 3 }, Buffer.from('new'));
    await writer.put({ ...plain, path: 'lib/b', type: 'hardlink', size: 0, link: 'lib/a' });
    await writer.put({ ...plain, path: `lib/${'n'.repeat(150)}/ä`, type: 'file', size: 2 }, Buffer.from('pa'));
    await writer.remove('usr/lib/gone');
    await writer.remove('opt/x');
    await writer.remove('opt');
    const layer = gunzipSync(store.blobs.get((await writer.close()).digest) as Buffer);
    const merged = buildUnionView([await treeOf(base), await treeOf(layer)]);
    assert.equal(merged.entry('usr/lib')?.mode, 0o711);
    assert.equal(merged.entry('opt'), undefined);
    assert.deepEqual(sorted(listView(merged)), sorted(await unpacked(system.umoci, [base, layer])));
  });
});

describe('tar writer against other readers', () => {
  const script = [
    'import sys, tarfile, json',
    'out = []',
    'for m in tarfile.open(sys.argv[1]):',
    '  out.append([m.name, m.type.decode(), m.mode, m.uid, m.gid, m.size, int(m.mtime), m.linkname, "user.k" if "SCHILY.xattr.user.k" in m.pax_headers else ""])',
    'print(json.dumps(out))',
  ].join('\n');

  it('is read by GNU tar and Python as it was meant', async (t) => {
    const system = needs(t, 'tar', 'python3');
    if (!system) return;
    const store = memoryBlobs();
    const signal = AbortSignal.timeout(10_000);
    const writer = createLayerWriter({ view: buildUnionView([]), store, mediaType: 'gzip', signal });
    const long = `d/${'l'.repeat(120)}`;
    await writer.put({ path: 'd', type: 'directory', mode: 0o1777, uid: 3, gid: 4, size: 0, mtime: 5 });
    await writer.put(
      {
        path: long,
        type: 'file',
        mode: 0o4755,
        uid: 5_000_000,
        gid: 0,
        size: 700,
        mtime: 6,
        xattrs: new Map([['user.k', Buffer.from('v')]]),
      },
      Buffer.alloc(700),
    );
    await writer.put({
      path: 'd/é',
      type: 'symlink',
      mode: 0o777,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 7,
      link: 'ü'.repeat(60),
    });
    await writer.put({ path: 'd/h', type: 'hardlink', mode: 0o4755, uid: 0, gid: 0, size: 0, mtime: 8, link: long });
    const { digest, diffId } = await writer.close();
    const work = await mkdtemp(join(tmpdir(), 'drydock-tar-'));
    try {
      const file = join(work, 'layer.tar');
      await writeFile(file, gunzipSync(store.blobs.get(digest) as Buffer));
      const listed = await mustRun(system.tar, ['-tf', file, '--quoting-style=literal']);
      assert.equal(listed.stderr, '');
      assert.deepEqual(listed.stdout.trim().split('\n'), ['d/', long, 'd/é', 'd/h']);
      const python = await run(system.python3, ['-c', script, file]);
      assert.deepEqual(JSON.parse(python.stdout), [
        ['d', '5', 0o1777, 3, 4, 0, 5, '', ''],
        [long, '0', 0o4755, 5_000_000, 0, 700, 6, '', 'user.k'],
        ['d/é', '2', 0o777, 0, 0, 0, 7, 'ü'.repeat(60), ''],
        ['d/h', '1', 0o4755, 0, 0, 0, 8, long, ''],
      ]);
      assert.equal(layerOf(await readFile(file)).descriptor.digest, diffId);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
});
