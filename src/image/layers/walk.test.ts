import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { layerOf } from '../../../test/support/layers.ts';
import { tar } from '../../../test/support/test-image.ts';
import { digestOf } from '../digest.ts';
import type { FileContent, FileEntry, Interest, LayerVisitor } from './contract.ts';
import { defaultLayerLimits } from './limits.ts';
import { walkLayer } from './walk.ts';

const { signal } = new AbortController();

/** Records what it is given, by the interest it was told to have. */
class Recorder implements LayerVisitor<Record<string, string>> {
  readonly id: string;
  readonly version = 1;
  readonly seen: Record<string, string> = {};
  readonly #interest: (path: string) => Interest;

  constructor(id: string, interest: (path: string) => Interest) {
    this.id = id;
    this.#interest = interest;
  }

  wants(entry: FileEntry): Interest {
    return this.#interest(entry.path);
  }

  async file(entry: FileEntry, content: FileContent): Promise<void> {
    if (content.kind === 'bytes') {
      this.seen[entry.path] = `${content.bytes.length}${content.truncated ? '+' : ''}`;
      return;
    }
    const hash = createHash('sha256');
    for await (const chunk of content.chunks) {
      await new Promise(setImmediate);
      hash.update(chunk);
    }
    this.seen[entry.path] = hash.digest('hex');
  }

  finish(): Record<string, string> {
    return this.seen;
  }
}

const big = Buffer.alloc(300_000, 'abcdefg');
const bytes = tar({
  'd/': { type: 'directory' },
  'd/big': big,
  'd/small': 'small',
  'd/empty': '',
  'd/.wh.gone': '',
  'd/.wh..wh..opq': '',
  '.wh..wh.plnk/1.2': 'x',
  'd/.wh.': '',
});

describe('walking a layer', () => {
  it('gives every visitor what it asked for, in one pass', async () => {
    const visitors = [
      new Recorder('none', () => 'skip'),
      new Recorder('head', () => 'head'),
      new Recorder('whole', (path) => (path === 'd/big' ? 'whole' : 'skip')),
      new Recorder('stream', () => 'stream'),
      new Recorder('second', (path) => (path === 'd/big' ? 'stream' : 'skip')),
    ];
    const layer = layerOf(gzipSync(bytes), { diffId: digestOf(bytes), chunk: 1000 });
    const walk = await walkLayer(layer, visitors, { signal, computeDiffId: true });
    const sha = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
    assert.deepEqual(walk.results.get('none'), {});
    assert.deepEqual(walk.results.get('head'), { d: '0', 'd/big': '8192+', 'd/small': '5', 'd/empty': '0' });
    assert.deepEqual(walk.results.get('whole'), { 'd/big': '300000' });
    assert.deepEqual(walk.results.get('stream'), {
      d: '0',
      'd/big': sha(big),
      'd/small': sha('small'),
      'd/empty': sha(''),
    });
    assert.deepEqual(walk.results.get('second'), { 'd/big': sha(big) });
    assert.equal(walk.diffId, digestOf(bytes));
    assert.equal(walk.uncompressedBytes, bytes.length);
  });

  it('keeps whiteouts out of the entries and ignores those that name nothing', async () => {
    const walk = await walkLayer(layerOf(bytes), [], { signal });
    assert.deepEqual(
      walk.tree.entries.map(({ path }) => path),
      ['d', 'd/big', 'd/small', 'd/empty'],
    );
    assert.deepEqual(walk.tree.whiteouts, ['d/gone']);
    assert.deepEqual(walk.tree.opaques, ['d']);
    assert.deepEqual(
      walk.diagnostics.map(({ code, path }) => [code, path]),
      [['suspicious_archive', 'd/.wh.']],
    );
    assert.equal(walk.diffId, digestOf(bytes), 'the diff-id of an uncompressed layer is its digest');
  });

  it('turns a failing visitor into a diagnostic', async () => {
    const failing: LayerVisitor<string> = {
      id: 'failing',
      version: 1,
      wants: (entry) => {
        if (entry.path === 'd/small') throw new Error('asked');
        return entry.path === 'd/big' ? 'stream' : 'whole';
      },
      file: (entry) => {
        throw new Error(`told ${entry.path}`);
      },
      finish: () => 'done',
    };
    const walk = await walkLayer(layerOf(bytes), [failing], { signal });
    assert.deepEqual(
      walk.diagnostics.filter(({ code }) => code === 'visitor_failed').map(({ path, partial }) => [path, partial]),
      [
        ['d', true],
        ['d/big', true],
        ['d/small', true],
        ['d/empty', true],
      ],
    );
    assert.equal(walk.results.get('failing'), 'done');
  });

  it('goes on when a streaming visitor stops early or never reads', async () => {
    const lazy: LayerVisitor<null> = {
      id: 'lazy',
      version: 1,
      wants: () => 'stream',
      file: async (entry, content) => {
        if (entry.path !== 'd/big' || content.kind !== 'stream') return;
        for await (const _ of content.chunks) break;
      },
      finish: () => null,
    };
    const other = new Recorder('other', () => 'stream');
    const walk = await walkLayer(layerOf(gzipSync(bytes), { chunk: 500 }), [lazy, other], { signal });
    assert.equal(other.seen['d/big'], createHash('sha256').update(big).digest('hex'));
    assert.deepEqual(
      walk.diagnostics.map(({ code }) => code),
      ['suspicious_archive'],
    );
  });

  it('does not hand out whole files over the limit, unless they are databases', async () => {
    const limits = { ...defaultLayerLimits, wholeFile: 100 };
    const whole = new Recorder('whole', () => 'whole');
    const stream = new Recorder('stream', () => 'stream');
    const walk = await walkLayer(layerOf(bytes), [whole, stream], { signal, limits });
    assert.equal(whole.seen['d/big'], undefined);
    assert.ok(stream.seen['d/big']);
    assert.ok(walk.diagnostics.some(({ code, partial }) => code === 'file_too_large' && partial));
    const database = new Recorder('whole', () => 'whole');
    await walkLayer(layerOf(bytes), [database], { signal, limits, isDatabase: (path) => path === 'd/big' });
    assert.equal(database.seen['d/big'], '300000');
  });

  it('tells a streaming visitor when the archive ends inside its file', async () => {
    const recorder = new Recorder('stream', () => 'stream');
    const walk = await walkLayer(layerOf(bytes.subarray(0, 100_000)), [recorder], { signal });
    assert.equal(recorder.seen['d/big'], undefined);
    assert.ok(walk.diagnostics.some(({ code, partial }) => code === 'truncated_tar' && partial));
  });

  it('returns nothing when the digest or the diff-id is another one', async () => {
    const other = digestOf('other');
    await assert.rejects(walkLayer(layerOf(bytes, { digest: other }), [], { signal }), { code: 'digest_mismatch' });
    const lying = layerOf(gzipSync(bytes), { diffId: other });
    await assert.rejects(walkLayer(lying, [], { signal, computeDiffId: true }), { code: 'digest_mismatch' });
    assert.equal((await walkLayer(lying, [], { signal })).diffId, undefined, 'unverified, so not claimed');
  });

  it('finds a wrong digest behind the end of the archive', async () => {
    const padded = Buffer.concat([bytes, Buffer.alloc(200_000)]);
    const layer = layerOf(padded, { digest: digestOf(bytes), chunk: 1000 });
    await assert.rejects(walkLayer(layer, [], { signal }), { code: 'digest_mismatch' });
  });

  it('ends with the signal, even when a visitor does not', async () => {
    const stuck: LayerVisitor<null> = {
      id: 'stuck',
      version: 1,
      wants: () => 'whole',
      file: () => new Promise(() => {}),
      finish: () => null,
    };
    const controller = new AbortController();
    const walking = walkLayer(layerOf(bytes), [stuck], { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('time is up')));
    await assert.rejects(walking, /time is up/);
  });
});
