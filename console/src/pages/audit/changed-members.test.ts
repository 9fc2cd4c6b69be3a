import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedMembers, shown } from './changed-members.ts';

test('only members that changed are shown, also those that came or went', () => {
  const detail = { before: { a: 1, b: [2], c: 'x' }, after: { a: 1, b: [3], d: null } };
  assert.deepEqual(changedMembers(detail), [
    { name: 'b', before: [2], after: [3] },
    { name: 'c', before: 'x', after: undefined },
    { name: 'd', before: undefined, after: null },
  ]);
});

test('what is no object is compared as a whole, and an entry without both has no change', () => {
  assert.deepEqual(changedMembers({ before: [], after: [1] }), [{ name: '', before: [], after: [1] }]);
  assert.deepEqual(changedMembers({ before: [1], after: [1] }), []);
  assert.equal(changedMembers({ after: {} }), null);
  assert.equal(shown({ a: [1] }), '{"a":[1]}');
});
