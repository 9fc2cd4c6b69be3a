import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVisits, visited } from './last-visit.ts';

const minute = 60_000;

test('the first visit has nothing to compare with', () => {
  assert.deepEqual(visited(null, 1000), { since: null, seen: 1000 });
});

test('a reload stays the same visit, coming back later begins another', () => {
  const first = { since: 5, seen: 100 * minute };
  assert.deepEqual(visited(first, 110 * minute), { since: 5, seen: 110 * minute });
  assert.deepEqual(visited(first, 200 * minute), { since: 100 * minute, seen: 200 * minute });
});

test('what is stored and not ours counts as nothing', () => {
  for (const text of [null, '', '{', '{"seen":"x","since":null}', '[]', 'null']) assert.equal(readVisits(text), null);
  assert.deepEqual(readVisits('{"since":null,"seen":3}'), { since: null, seen: 3 });
});
