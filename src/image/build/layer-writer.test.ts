import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { memoryBlobs, treeOf } from '../../../test/support/layers.ts';
import { tar } from '../../../test/support/test-image.ts';
import { BlobError, type BlobStore } from '../blob-store.ts';
import { digestOf } from '../digest.ts';
import type { FileEntry, LayerWriter } from '../layers/contract.ts';
import { buildUnionView } from '../layers/union-view.ts';
import { mediaTypes } from '../model.ts';
import { createLayerWriter, patchLayerMediaType } from './layer-writer.ts';

const { signal } = new AbortController();
const directory = { type: 'directory' } as const;
const base = tar({
  'usr/': { ...directory, mode: 0o711, uid: 3, mtime: 77 },
  'usr/lib/': directory,
  'usr/lib/old': 'x',
  lib: { type: 'symlink', link: 'usr/lib' },
  dangling: { type: 'symlink', link: 'nowhere/at/all' },
  'd/': directory,
  'd/a': '1',
  'd/s/': directory,
  'd/s/b': '2',
});
const attributes = { mode: 0o644, uid: 0, gid: 0, mtime: 5 };
const file = (path: string, size = 0): FileEntry => ({ ...attributes, path, type: 'file', size });
const folder = (path: string, mode = 0o755): FileEntry => ({ ...attributes, path, type: 'directory', mode, size: 0 });

async function setUp(store: BlobStore = memoryBlobs(), mediaType: string = mediaTypes.ociLayerGzip) {
  const view = buildUnionView([await treeOf(base)]);
  return { store, writer: createLayerWriter({ view, store, mediaType, signal }) };
}

/** Writes a layer and gives its raw tar names in order, and the layer. */
async function written(work: (writer: LayerWriter) => Promise<void>) {
  const store = memoryBlobs();
  const { writer } = await setUp(store);
  await work(writer);
  const layer = await writer.close();
  const bytes = gunzipSync(store.blobs.get(layer.digest) as Buffer);
  const names: string[] = [];
  for (let at = 0; bytes[at] !== 0; ) {
    const text = bytes.toString('latin1', at, at + 100);
    names.push(text.slice(0, text.indexOf('\0')));
    at += 512 + 512 * Math.ceil(Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8) / 512);
  }
  return { layer, bytes, names, tree: await treeOf(bytes) };
}

describe('layer writer', () => {
  it('writes parents first, with the attributes of the image', async () => {
    const { layer, names, tree, bytes } = await written(async (writer) => {
      await writer.put(file('lib/new', 3), Buffer.from('abc'));
      await writer.put({ ...file('usr/lib/hard'), type: 'hardlink', link: 'lib/new' });
      await writer.put(
        file('opt/x/y', 2),
        (async function* () {
          yield Buffer.from('a');
          yield Buffer.from('b');
        })(),
      );
    });
    assert.deepEqual(names, ['usr/', 'usr/lib/', 'usr/lib/new', 'usr/lib/hard', 'opt/', 'opt/x/', 'opt/x/y']);
    const usr = tree.entries.find(({ path }) => path === 'usr');
    assert.deepEqual([usr?.mode, usr?.uid, usr?.mtime], [0o711, 3, 77]);
    assert.equal(tree.entries.find(({ path }) => path === 'usr/lib/hard')?.link, 'usr/lib/new');
    assert.equal(layer.diffId, digestOf(bytes));
    assert.equal(layer.files, 3);
  });

  it('writes one whiteout for the topmost removed path, after everything else', async () => {
    const { layer, names } = await written(async (writer) => {
      for (const path of ['d/s/b', 'd/s', 'lib/old', 'd/a', 'd']) await writer.remove(path);
      await writer.put(file('z'));
    });
    assert.deepEqual(names, ['z', '.wh.d', 'usr/', 'usr/lib/', 'usr/lib/.wh.old']);
    assert.equal(layer.removed, 2);
  });

  it('prefers an entry to a whiteout of the same path', async () => {
    const { names } = await written(async (writer) => {
      await writer.remove('d/a');
      await writer.put(file('d/a'));
    });
    assert.deepEqual(names, ['d/', 'd/a']);
  });

  it('puts files into a directory that replaces a link to nowhere', async () => {
    const { names } = await written(async (writer) => {
      await writer.put(folder('dangling'));
      await writer.put(file('dangling/x'));
    });
    assert.deepEqual(names, ['dangling/', 'dangling/x']);
  });

  it('repeats a directory only when it says something else', async () => {
    const { names } = await written(async (writer) => {
      await writer.put(folder('new', 0o700));
      await writer.put(file('new/x'));
      await writer.put(folder('new', 0o700));
      await writer.put(folder('new', 0o750));
    });
    assert.deepEqual(names, ['new/', 'new/x', 'new/']);
  });

  it('gives the same bytes for the same calls, with no time in the header', async () => {
    const work = async (writer: LayerWriter): Promise<void> => {
      await writer.put(file('a', 5), Buffer.from('hello'));
      await writer.remove('d');
    };
    const [first, second] = [await written(work), await written(work)];
    assert.equal(first.layer.digest, second.layer.digest);
    const { store, writer } = await setUp();
    await work(writer);
    const layer = await writer.close();
    const chunks: Buffer[] = [];
    for await (const chunk of await store.open(layer.digest)) chunks.push(chunk as Buffer);
    assert.deepEqual([...Buffer.concat(chunks).subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it('writes zstd when the media type says so', async () => {
    const store = memoryBlobs();
    const { writer } = await setUp(store, mediaTypes.ociLayerZstd);
    await writer.put(file('a', 5), Buffer.from('hello'));
    const layer = await writer.close();
    assert.equal(digestOf(zstdDecompressSync(store.blobs.get(layer.digest) as Buffer)), layer.diffId);
    assert.equal(patchLayerMediaType({ mediaType: mediaTypes.dockerManifest }, 'zstd'), mediaTypes.dockerLayer);
    assert.equal(patchLayerMediaType({ mediaType: mediaTypes.ociManifest }), mediaTypes.ociLayerGzip);
  });

  const refused: [string, string, (writer: LayerWriter) => Promise<unknown>][] = [
    ['a path that leaves the root', 'invalid_entry', (w) => w.put(file('../x'))],
    ['an empty path', 'invalid_entry', (w) => w.put(file(''))],
    ['a path with NUL', 'invalid_entry', (w) => w.put(file('a\0b'))],
    ['a path over 4,096 bytes', 'invalid_entry', (w) => w.put(file('ä'.repeat(2049)))],
    ['a name that is a whiteout', 'invalid_entry', (w) => w.put(file('usr/.wh.lib'))],
    ['an opaque marker', 'invalid_entry', (w) => w.put(file('.wh..wh..opq'))],
    ['a whiteout as a directory on the way', 'invalid_entry', (w) => w.put(file('.wh.x/y'))],
    ['a directory over a link to one', 'invalid_entry', (w) => w.put(folder('lib'))],
    ['a file below a file', 'invalid_entry', (w) => w.put(file('usr/lib/old/x'))],
    ['a file below a new file', 'invalid_entry', (w) => w.put(file('n')).then(() => w.put(file('n/x')))],
    ['the same path twice', 'invalid_entry', (w) => w.put(file('n')).then(() => w.put(file('./n')))],
    ['a hard link into a lower layer', 'invalid_entry', (w) => w.put({ ...file('h'), type: 'hardlink', link: 'd/a' })],
    ['a sparse file', 'invalid_entry', (w) => w.put({ ...file('s', 10), sparse: true })],
    ['a whiteout of nothing', 'invalid_entry', (w) => w.remove('d/missing')],
    [
      'a removed directory that is written',
      'invalid_entry',
      (w) =>
        w
          .remove('d')
          .then(() => w.put(file('d/n')))
          .then(() => w.close()),
    ],
    ['too little content', 'content_mismatch', (w) => w.put(file('c', 5), Buffer.from('four'))],
    ['too much content', 'content_mismatch', (w) => w.put(file('c', 3), Buffer.from('four'))],
    ['no content', 'content_mismatch', (w) => w.put(file('c', 3))],
    ['anything after the end', 'writer_closed', (w) => w.close().then(() => w.put(file('late')))],
  ];
  for (const [name, code, work] of refused) {
    it(`refuses ${name}`, async () => {
      const { writer } = await setUp();
      await assert.rejects(work(writer), { name: 'LayerWriteError', code });
      await writer.abort();
    });
  }

  it('leaves nothing behind when it is given up, twice or early', async () => {
    const store = memoryBlobs();
    const { writer } = await setUp(store);
    await writer.put(file('a', 3), Buffer.from('abc'));
    await writer.abort();
    await writer.abort();
    assert.equal(store.blobs.size, 0);
    await assert.rejects(writer.close(), { code: 'writer_closed' });
  });

  it('fails with what the store fails with', async () => {
    const full: BlobStore = {
      ...memoryBlobs(),
      put: async (content) => {
        for await (const _ of content) throw new BlobError('storage_full', 'no space');
        throw new BlobError('storage_full', 'no space');
      },
    };
    const { writer } = await setUp(full);
    await assert.rejects(
      async () => {
        await writer.put(file('a', 1 << 20), Buffer.alloc(1 << 20, 'random?'));
        await writer.close();
      },
      { code: 'storage_full' },
    );
    await writer.abort();
  });

  it('ends with the signal', async () => {
    const controller = new AbortController();
    const store = memoryBlobs();
    const writer = createLayerWriter({ view: buildUnionView([]), store, mediaType: 'gzip', signal: controller.signal });
    await writer.put(file('a', 3), Buffer.from('abc'));
    controller.abort(new Error('stop'));
    await assert.rejects(writer.put(file('b')), /stop/);
    await writer.abort();
    assert.equal(store.blobs.size, 0);
  });
});
