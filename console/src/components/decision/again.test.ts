import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soonestFirst } from './again.ts';

test('what ends soonest comes first, what does not end keeps its order', () => {
  const rows = [
    { id: 1, expiresAt: null },
    { id: 2, expiresAt: '2027-01-01T00:00:00Z' },
    { id: 3, expiresAt: null },
    { id: 4, expiresAt: '2026-12-01T00:00:00Z' },
  ];
  assert.deepEqual(
    soonestFirst(rows).map(({ id }) => id),
    [4, 2, 1, 3],
  );
});
