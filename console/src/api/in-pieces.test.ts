import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inPieces } from './in-pieces.ts';

test('no piece is longer than allowed, and nothing is left out', () => {
  const list = Array.from({ length: 205 }, (_, index) => index);
  const pieces = inPieces(list, 100);
  assert.deepEqual(
    pieces.map(({ length }) => length),
    [100, 100, 5],
  );
  assert.deepEqual(pieces.flat(), list);
  assert.deepEqual(inPieces([], 100), []);
});
