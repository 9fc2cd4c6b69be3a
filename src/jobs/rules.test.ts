import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from './backoff.ts';
import { claimable, defaultShares } from './shares.ts';

test('pauses double up to ten minutes and are spread over their upper half', () => {
  const longest = [1, 2, 3, 4, 5].map((attempt) => backoffMs(attempt, 1));
  assert.deepEqual(longest, [2_000, 4_000, 8_000, 16_000, 32_000]);
  assert.equal(backoffMs(1, 0), 1_000);
  assert.equal(backoffMs(100, 1), 600_000);
  assert.equal(backoffMs(1_000_000, 0), 300_000);
});

test('a quarter of the places is kept for interactive jobs', () => {
  assert.deepEqual(
    [1, 2, 4, 8].map((slots) => defaultShares(slots).reserved),
    [0, 1, 1, 2],
  );
  const shares = { slots: 4, reserved: 1 };
  assert.deepEqual(claimable(shares, { interactive: 0, bulk: 0 }), ['interactive', 'bulk']);
  assert.deepEqual(claimable(shares, { interactive: 0, bulk: 3 }), ['interactive']);
  assert.deepEqual(claimable(shares, { interactive: 1, bulk: 3 }), []);
  assert.deepEqual(claimable(shares, { interactive: 4, bulk: 0 }), []);
});
