import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildPackagesIndex, openPackagesIndex } from './packages-index.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('keeps what planning needs, drops the rest, in any chunking', async () => {
  const text = [
    'Package: a\nVersion: 1\nDescription: one\n two\nDepends: b,\n c\nTag: x\n',
    '\n\nPackage: b\nProvides: v (= 1), w\nversion: 2\nMaintainer: n\n',
    '\nPackage: a\nVersion: 3',
  ].join('');
  for (const size of [1, 3, 17, 1000]) {
    const index = openPackagesIndex(await buildPackagesIndex(inChunks(Buffer.from(text), size)));
    assert.equal(index?.size, 3);
    assert.deepEqual(index?.stanzas('a'), ['Package: a\nVersion: 1\nDepends: b,\n c\n', 'Package: a\nVersion: 3\n']);
    assert.deepEqual(index?.stanzas('b'), ['Package: b\nProvides: v (= 1), w\nversion: 2\n']);
    assert.deepEqual(index?.providers('v'), ['b']);
    assert.deepEqual(index?.providers('w'), ['b']);
    assert.deepEqual(index?.providers('b'), []);
  }
});

test('an empty index is an index', async () => {
  const index = openPackagesIndex(await buildPackagesIndex(inChunks(Buffer.from(''), 1)));
  assert.equal(index?.size, 0);
});

test('whatever the chunks, the result is the same, and no input makes it throw', async () => {
  const line = fc.constantFrom('Package: a', 'Version: 1', 'Depends: b', ' more', 'Tag: t', '', ':', 'x', 'Package:');
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), async (lines, size) => {
      const bytes = Buffer.from(lines.join('\n'));
      const whole = await buildPackagesIndex(inChunks(bytes, bytes.length + 1));
      const parts = await buildPackagesIndex(inChunks(bytes, size));
      assert.ok(whole.equals(parts));
      assert.notEqual(openPackagesIndex(whole), undefined);
    }),
    { numRuns: 200 },
  );
});

test('a damaged buffer is not opened', async () => {
  const buffer = await buildPackagesIndex(inChunks(Buffer.from('Package: a\nVersion: 1\n'), 100));
  for (let at = 0; at < buffer.length; at++) {
    const damaged = Buffer.from(buffer);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assert.equal(openPackagesIndex(damaged), undefined);
    assert.equal(openPackagesIndex(buffer.subarray(0, at)), undefined);
  }
});
