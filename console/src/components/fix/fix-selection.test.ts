import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixRequests, keysInPieces } from './fix-selection.ts';

test('keys are asked for in filters of bounded length', () => {
  assert.deepEqual(keysInPieces(['debian:12:CVE-1', 'a b'], 100), ['key:debian:12:CVE-1,"a b"']);
  assert.deepEqual(keysInPieces(['aaaa', 'bbbb', 'cc'], 8), ['key:aaaa', 'key:bbbb,cc']);
  assert.deepEqual(keysInPieces([]), []);
});

test('no request orders more than a hundred images, and none is left out', () => {
  const images = new Map(Array.from({ length: 205 }, (_, index) => [`image${index}`, [index + 1]] as const));
  const requests = fixRequests({ images, records: 205, ids: new Set(['CVE-1']) }, 'best-effort');
  assert.deepEqual(
    requests.map((orders) => orders.length),
    [100, 100, 5],
  );
  assert.deepEqual(requests[2]?.[4], { image: 'image204', records: [205], strategy: 'best-effort' });
});
