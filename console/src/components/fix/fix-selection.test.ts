import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysInPieces, ordersOf } from './fix-selection.ts';

test('keys are asked for in filters of bounded length', () => {
  assert.deepEqual(keysInPieces(['debian:12:CVE-1', 'a b'], 100), ['key:debian:12:CVE-1,"a b"']);
  assert.deepEqual(keysInPieces(['aaaa', 'bbbb', 'cc'], 8), ['key:aaaa', 'key:bbbb,cc']);
  assert.deepEqual(keysInPieces([]), []);
});

test('each image is ordered once, with its findings', () => {
  const images = new Map([
    ['a', [1, 2]],
    ['b', [3]],
  ]);
  assert.deepEqual(ordersOf({ images, records: 3, ids: new Set(['CVE-1']) }, 'best-effort'), [
    { image: 'a', records: [1, 2], strategy: 'best-effort' },
    { image: 'b', records: [3], strategy: 'best-effort' },
  ]);
});
