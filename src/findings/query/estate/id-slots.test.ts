import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdSlots } from './id-slots.ts';

test('slots are found as in a map', () => {
  const id = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.nat({ max: 1000 }))), fc.array(id), (pairs, asked) => {
      const slots = new IdSlots();
      const map = new Map(pairs);
      for (const [key, slot] of pairs) slots.set(key, slot);
      assert.equal(slots.size, map.size);
      for (const key of [...asked, ...map.keys()]) {
        assert.equal(slots.get(key), map.get(key));
        assert.equal(slots.has(key), map.has(key));
      }
    }),
  );
  assert.throws(() => new IdSlots().set(-1, 0), RangeError);
  assert.throws(() => new IdSlots().set(Number.NaN, 0), RangeError);
});

test('ids that follow each other and pairs of numbers are found among many', () => {
  const slots = new IdSlots();
  for (let at = 0; at < 50_000; at++) {
    slots.set(1_000_000 + at, at);
    slots.set((at % 97) * 2 ** 22 + at + 2 ** 40, at + 1);
  }
  for (let at = 0; at < 50_000; at++) {
    assert.equal(slots.get(1_000_000 + at), at);
    assert.equal(slots.get((at % 97) * 2 ** 22 + at + 2 ** 40), at + 1);
  }
});
