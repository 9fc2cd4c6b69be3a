import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerOf } from '../../../test/support/layers.ts';
import { tar } from '../../../test/support/test-image.ts';
import type { Analysis } from '../../ecosystems/index.ts';
import { type LayerVisitor, walkLayer } from '../../image/index.ts';
import { OffloadedVisitor } from '../../scan/detection/offload.ts';
import { openVisitorThread } from './visitor-thread.ts';

const module = new URL('./testdata/lengths-thread.ts', import.meta.url);
const { signal } = new AbortController();

/** The stand-in asks it what it wants; the work is done by the module's own. */
function lengths(id: string): Analysis {
  const wants: LayerVisitor<unknown>['wants'] = ({ type, path }) =>
    type !== 'file' || path === 'skipped' ? 'skip' : path.startsWith('whole') ? 'whole' : 'sink';
  return { id, version: 1, visitor: () => ({ id, version: 1, wants, file() {}, finish: () => null }) };
}

const files = {
  empty: '',
  small: 'abc',
  whole: Buffer.alloc(9000, 'w'),
  skipped: 'no',
  large: Buffer.alloc(20_000_000, 'l'),
  last: 'z',
};

test('files come over whole and in order, large ones in steps, from two walks at a time', async () => {
  const thread = openVisitorThread({ module, data: {}, analyses: new Set(['lengths']) });
  try {
    assert.deepEqual([thread.knows('lengths'), thread.knows('other')], [true, false]);
    const walks = [0, 1].map(async () => {
      const offloaded = new OffloadedVisitor([lengths('lengths')], thread);
      const walk = await walkLayer(layerOf(tar(files)), [offloaded], { signal });
      assert.deepEqual(walk.diagnostics, []);
      return offloaded.finish();
    });
    for (const { facts, diagnostics } of await Promise.all(walks)) {
      const expected = ['empty 0', 'small 3', 'whole 9000', 'large 20000000', 'last 1'];
      assert.deepEqual(facts.get('lengths'), expected);
      assert.deepEqual(diagnostics, []);
    }
  } finally {
    await thread.close();
  }
});

test('a visitor that throws costs its file, a thread that dies its facts; the walk goes on', async () => {
  const thread = openVisitorThread({ module, data: { fail: 'small' }, analyses: new Set(['lengths']) });
  const walk = async () => {
    const offloaded = new OffloadedVisitor([lengths('lengths')], thread);
    const { tree } = await walkLayer(layerOf(tar(files)), [offloaded], { signal });
    assert.equal(tree.entries.length, 6);
    return offloaded.finish();
  };
  const thrown = await walk();
  assert.deepEqual(
    thrown.diagnostics.map(({ code, path, partial }) => [code, path, partial]),
    [['visitor_failed', 'small', true]],
  );
  await thread.close();
  const dying = openVisitorThread({ module, data: { die: 'large' }, analyses: new Set(['lengths']) });
  const offloaded = new OffloadedVisitor([lengths('lengths')], dying);
  await walkLayer(layerOf(tar(files)), [offloaded], { signal });
  const dead = offloaded.finish();
  assert.equal(dead.facts.size, 0);
  assert.deepEqual(
    dead.diagnostics.map(({ code, partial }) => [code, partial]),
    [['detector_failed', true]],
  );
  await dying.close();
});

test('a walk that fails lets go of the thread', async () => {
  const thread = openVisitorThread({ module, data: {}, analyses: new Set(['lengths']) });
  const offloaded = new OffloadedVisitor([lengths('lengths')], thread);
  await assert.rejects(walkLayer(layerOf(tar(files)), [offloaded], { signal: AbortSignal.abort(new Error('stop')) }));
  offloaded.cancel();
  await thread.close();
});
