import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layerOf } from '../../../test/support/layers.ts';
import { tar } from '../../../test/support/test-image.ts';
import type { ContentSink, FileEntry, LayerVisitor } from './contract.ts';
import { walkLayer } from './walk.ts';

const { signal } = new AbortController();
const big = Buffer.alloc(3_000_000, 'abcdefg');
const files = { big, empty: '', small: 'small', last: 'last' };

/** A visitor whose sinks do as told, and what they saw. */
function visitor(make: (entry: FileEntry, log: string[]) => ContentSink): LayerVisitor<string[]> {
  const log: string[] = [];
  return {
    id: 'sinks',
    version: 1,
    wants: () => 'sink',
    file() {},
    sink: (entry) => make(entry, log),
    finish: () => log,
  };
}

describe('sinks', () => {
  it('get every file as it comes', async () => {
    const counting = visitor(({ path }, log) => {
      let size = 0;
      return {
        chunk(bytes) {
          size += bytes.length;
          return true;
        },
        end: () => log.push(`${path} ${size}`),
      };
    });
    const { results, diagnostics } = await walkLayer(layerOf(tar(files)), [counting], { signal });
    assert.deepEqual(results.get('sinks'), ['big 3000000', 'empty 0', 'small 5', 'last 4']);
    assert.deepEqual(diagnostics, []);
  });

  it('are ended once when they want no more, and the others go on', async () => {
    const refusing = visitor(({ path }, log) => ({
      chunk: () => false,
      end: () => log.push(path),
    }));
    let streamed = 0;
    const streaming: LayerVisitor<null> = {
      ...{ id: 'stream', version: 1, wants: () => 'stream' as const, finish: () => null },
      async file(_entry, content) {
        if (content.kind === 'stream') for await (const bytes of content.chunks) streamed += bytes.length;
      },
    };
    const { results } = await walkLayer(layerOf(tar(files)), [refusing, streaming], { signal });
    assert.deepEqual(results.get('sinks'), ['big', 'empty', 'small', 'last']);
    assert.equal(streamed, 3_000_009);
  });

  it('are waited for before the next file comes, and what fails then is told', async () => {
    const slow = visitor(({ path }, log) => ({
      chunk: () => path !== 'big',
      end: () => log.push(`${path} ended`),
      async pending() {
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push(`${path} done`);
        if (path === 'small') throw new Error('no luck');
      },
    }));
    const { results, diagnostics } = await walkLayer(layerOf(tar(files)), [slow], { signal });
    const order = ['big', 'empty', 'small', 'last'].flatMap((path) => [`${path} ended`, `${path} done`]);
    assert.deepEqual(results.get('sinks'), order);
    assert.deepEqual(
      diagnostics.map(({ code, path }) => `${code} ${path}`),
      ['visitor_failed small'],
    );
  });

  it('that throw end their file with a diagnostic', async () => {
    const throwing = visitor(({ path }, log) => ({
      chunk() {
        if (path === 'big') throw new Error('no');
        return true;
      },
      end: () => log.push(path),
    }));
    const { results, diagnostics } = await walkLayer(layerOf(tar(files)), [throwing], { signal });
    assert.deepEqual(results.get('sinks'), ['empty', 'small', 'last']);
    assert.deepEqual(
      diagnostics.map(({ code, path, partial }) => [code, path, partial]),
      [['visitor_failed', 'big', true]],
    );
  });

  it('are not ended when the archive is cut off', async () => {
    const cut = visitor(({ path }, log) => ({ chunk: () => true, end: () => log.push(path) }));
    const { results } = await walkLayer(layerOf(tar(files).subarray(0, 1_000_000)), [cut], { signal });
    assert.deepEqual(results.get('sinks'), []);
  });
});

it('a stream that nobody reads on costs the walk nothing more', async () => {
  let taken = 0;
  const early: LayerVisitor<null> = {
    ...{ id: 'early', version: 1, wants: () => 'stream' as const, finish: () => null },
    async file(_entry, content) {
      if (content.kind !== 'stream') return;
      for await (const bytes of content.chunks) {
        taken += bytes.length;
        return;
      }
    },
  };
  const { diagnostics, tree } = await walkLayer(layerOf(tar(files)), [early], { signal });
  assert.ok(taken > 0 && taken < 3_000_000);
  assert.deepEqual(diagnostics, []);
  assert.equal(tree.entries.length, 4);
});
