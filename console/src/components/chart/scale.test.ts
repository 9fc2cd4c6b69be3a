import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linear, roundTicks } from './scale.ts';

test('values keep their distances, upside down too', () => {
  const y = linear([0, 200], [100, 0]);
  assert.deepEqual([0, 50, 200].map(y), [100, 75, 0]);
  assert.equal(linear([5, 5], [10, 30])(5), 20);
});

test('ticks are round, begin at 0 and reach the highest value', () => {
  assert.deepEqual(roundTicks(4, 4), [0, 1, 2, 3, 4]);
  assert.deepEqual(roundTicks(28_600_000, 4), [0, 10_000_000, 20_000_000, 30_000_000]);
  assert.deepEqual(roundTicks(970, 4), [0, 500, 1000]);
  assert.deepEqual(roundTicks(7, 4), [0, 2, 4, 6, 8]);
});
