import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceOf } from './progress.ts';

test('the pace is that between two looks', () => {
  const pace = paceOf({ at: 0, rows: 1000 }, { at: 2000, rows: 5000 }, 9000);
  assert.deepEqual(pace, { rowsPerSecond: 2000, leftMs: 2000 });
});

test('nothing is claimed before rows were written', () => {
  assert.equal(paceOf({ at: 0, rows: 10 }, { at: 1000, rows: 10 }, 100), null);
  assert.equal(paceOf({ at: 5, rows: 10 }, { at: 5, rows: 20 }, 100), null);
});
