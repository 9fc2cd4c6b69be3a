import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HandlingPart } from '../input/handling.ts';
import { withoutPart } from './reversal.ts';

const images = ['i1', 'i2', 'i3'];
const vulnerabilities = ['v1', 'v2', 'v3'];

/** The pairs that a part stands for in a world of three images and three vulnerabilities. */
function pairs(part: HandlingPart): string[] {
  return (part.images ?? images).flatMap((image) =>
    (part.vulnerabilities ?? vulnerabilities).map((id) => `${image} ${id}`),
  );
}

const side = (all: readonly string[]) => fc.oneof(fc.constant(null), fc.subarray([...all], { minLength: 1 }));
const part = fc.record({ images: side(images), vulnerabilities: side(vulnerabilities) });

test('a decision without a part covers exactly the pairs that were not taken back', () => {
  fc.assert(
    fc.property(part, part, (rule, taken) => {
      const remainder = withoutPart(rule, taken, { images, vulnerabilities });
      assert.ok(remainder !== null);
      const gone = new Set(pairs(taken));
      const left = remainder.flatMap(pairs);
      assert.deepEqual(
        [...new Set(left)].sort(),
        pairs(rule)
          .filter((pair) => !gone.has(pair))
          .sort(),
      );
      assert.equal(new Set(left).size, left.length, 'no pair twice');
    }),
  );
});

test('what cannot be listed is not divided', () => {
  const nobody = { images: null, vulnerabilities: null };
  assert.equal(withoutPart(nobody, { images: ['i1'], vulnerabilities: null }, nobody), null);
  assert.deepEqual(withoutPart(nobody, nobody, nobody), []);
});
