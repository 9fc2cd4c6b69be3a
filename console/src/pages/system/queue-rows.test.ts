import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueRows } from './queue-rows.ts';

test('one row for each kind and class; only what is queued waits', () => {
  const entry = { kind: 'scan', class: 'bulk' };
  const rows = queueRows([
    { kind: 'fix', class: 'interactive', state: 'succeeded', count: 3, oldestMs: 9 },
    { ...entry, state: 'queued', count: 5, oldestMs: 0 },
    { ...entry, state: 'running', count: 1, oldestMs: 700 },
  ]);
  assert.deepEqual(rows, [
    { kind: 'scan', class: 'bulk', counts: { queued: 5, running: 1 }, oldestMs: 0 },
    { kind: 'fix', class: 'interactive', counts: { succeeded: 3 }, oldestMs: null },
  ]);
});
