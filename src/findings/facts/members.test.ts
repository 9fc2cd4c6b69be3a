import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../../kernel/index.ts';
import { decodeMembers, encodeMembers, maxPackageId, sortedIds } from './members.ts';

test('sets come back as they were stored', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 1, max: maxPackageId }), fc.integer({ min: 1, max: 300 }))),
      (ids) => {
        const sorted = sortedIds(ids);
        assert.deepEqual(
          [...sorted],
          [...new Set(ids)].sort((a, b) => a - b),
        );
        assert.deepEqual(decodeMembers(encodeMembers(sorted), sorted.length), sorted);
        const wanted = Uint8Array.from({ length: 200 }, (_, id) => id % 2);
        assert.deepEqual(
          decodeMembers(encodeMembers(sorted), sorted.length, wanted),
          sorted.filter((id) => id < 200 && id % 2 === 1),
        );
      },
    ),
  );
});

test('neighbours take one byte each', () => {
  assert.equal(encodeMembers(Int32Array.from({ length: 300 }, (_, index) => 1_000_000 + index)).length, 302);
});

test('damaged sets are found out', () => {
  const damaged = (error: unknown): boolean => hasCode(error, 'facts_damaged');
  const bytes = encodeMembers(Int32Array.of(1, 300, maxPackageId));
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decodeMembers(bytes.slice(0, length), 3), damaged);
  }
  assert.throws(() => decodeMembers(bytes, 2), damaged);
  assert.throws(() => decodeMembers(bytes, 4), damaged);
  assert.throws(() => decodeMembers(Uint8Array.of(0), 1), damaged);
  assert.throws(() => decodeMembers(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 1), damaged);
  assert.throws(() => encodeMembers(Int32Array.of(2, 2)), damaged);
});
