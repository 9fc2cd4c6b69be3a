import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { layerOf } from '../../../test/support/layers.ts';
import { tar } from '../../../test/support/test-image.ts';
import { digestOf } from '../digest.ts';
import type { LayerHandle } from '../sources/contract.ts';
import { extendImageView, openImageView } from './image-view.ts';

const { signal } = new AbortController();
const status = 'var/lib/dpkg/status';

/** Counts how often each layer is read. */
function counted(...tars: Buffer[]): { layers: LayerHandle[]; reads: number[] } {
  const reads = tars.map(() => 0);
  const layers = tars.map((bytes, index) => {
    const layer = layerOf(gzipSync(bytes), { diffId: digestOf(bytes) });
    return {
      ...layer,
      open: (s: AbortSignal) => {
        reads[index] = (reads[index] ?? 0) + 1;
        return layer.open(s);
      },
    };
  });
  return { layers, reads };
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
const hashes = (content: string): { sha256: string; md5: string } => ({
  sha256: createHash('sha256').update(content).digest('hex'),
  md5: createHash('md5').update(content).digest('hex'),
});

describe('image view', () => {
  it('keeps the visible bodies of interest and reads every layer once', async () => {
    const { layers, reads } = counted(
      tar({ [status]: 'old', 'etc/passwd': 'root', 'etc/gone': 'x', other: 'not kept' }),
      tar({ 'etc/.wh.gone': '' }),
      tar({ [status]: 'new' }),
    );
    const progress: number[] = [];
    const interest = (path: string): boolean => path === status || path.startsWith('etc/');
    const view = await openImageView(
      { layers },
      { interest, signal, computeDiffId: true, onBytes: (n) => progress.push(n) },
    );
    assert.equal(text(view.small(status)), 'new');
    assert.equal(text(view.small('etc/passwd')), 'root');
    assert.equal(view.small('etc/gone'), undefined);
    assert.equal(view.small('other'), undefined);
    assert.deepEqual(reads, [1, 1, 1]);
    assert.deepEqual(
      view.walks.map(({ diffId }) => diffId),
      layers.map(({ diffId }) => diffId),
    );
    assert.equal(
      progress.at(-1),
      layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    );
  });

  it('finds bodies behind links of parents, hard links and removed spellings', async () => {
    const { layers, reads } = counted(
      tar({ 'usr/lib/os-release': 'canonical', lib: { type: 'symlink', link: 'usr/lib' }, data: 'shared' }),
      tar({ 'lib/os-release': 'through the link', [status]: { type: 'hardlink', link: 'data' } }),
    );
    const interest = (path: string): boolean => path === 'usr/lib/os-release' || path === status;
    const view = await openImageView({ layers }, { interest, signal });
    assert.equal(text(view.small('usr/lib/os-release')), 'through the link');
    assert.equal(text(view.small('lib/os-release')), 'through the link');
    assert.equal(text(view.small(status)), 'shared');
    assert.deepEqual(reads, [2, 2]);
  });

  it('hashes files by reading only the layers that own them', async () => {
    const { layers, reads } = counted(
      tar({ a: 'one', b: 'two', lib: { type: 'symlink', link: 'usr' } }),
      tar({ c: 'three' }),
      tar({ 'lib/d': { type: 'hardlink', link: 'a' }, dir: { type: 'directory' } }),
    );
    const view = await openImageView({ layers }, { interest: () => false, signal });
    const result = await view.digests(new Set(['a', 'usr/d', 'lib', 'dir', 'missing']), signal);
    assert.deepEqual(
      new Map(result),
      new Map([
        ['a', hashes('one')],
        ['usr/d', hashes('one')],
      ]),
    );
    assert.deepEqual(reads, [2, 1, 1]);
  });

  it('is extended by reading the new layer only', async () => {
    const base = counted(tar({ [status]: 'old', 'etc/passwd': 'root' }));
    const top = counted(tar({ [status]: 'new', 'etc/.wh.passwd': '' }));
    const options = { interest: () => true, signal, computeDiffId: true };
    const view = await openImageView({ layers: base.layers }, options);
    const merged = await extendImageView(view, top.layers[0] as LayerHandle, options);
    assert.equal(text(merged.small(status)), 'new');
    assert.equal(merged.small('etc/passwd'), undefined);
    assert.equal(text(view.small('etc/passwd')), 'root', 'the view below stays as it is');
    assert.deepEqual([base.reads, top.reads], [[1], [1]]);
    assert.equal(merged.layers.length, 2);
  });

  it('hashes no file twice, and a new layer while it is read', async () => {
    const base = counted(tar({ old: 'one', kept: 'two', never: 'three' }));
    const top = counted(tar({ old: 'four' }));
    const options = { interest: () => false, signal };
    const view = await openImageView({ layers: base.layers }, options);
    await view.digests(new Set(['old', 'kept']), signal);
    const merged = await extendImageView(view, top.layers[0] as LayerHandle, options);
    assert.deepEqual(
      await merged.digests(new Set(['old', 'kept']), signal),
      new Map([
        ['old', hashes('four')],
        ['kept', hashes('two')],
      ]),
    );
    assert.deepEqual([base.reads, top.reads], [[2], [1]]);
    assert.deepEqual((await merged.digests(new Set(['never']), signal)).get('never'), hashes('three'));
    assert.deepEqual(await view.digests(new Set(['old']), signal), new Map([['old', hashes('one')]]));
  });

  it('fails as a whole when one layer is not what the config says', async () => {
    const lying = layerOf(tar({ a: 'x' }), { diffId: digestOf('other') });
    await assert.rejects(openImageView({ layers: [lying] }, { interest: () => true, signal, computeDiffId: true }), {
      code: 'digest_mismatch',
    });
  });
});
