import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detect, detectorOptions } from '../../../test/support/detection.ts';
import { checkSets } from './catalogue.ts';

test('every check ends in exactly one way', async () => {
  const { baseline } = await detect(detectorOptions(['baseline']), [{ 'etc/passwd': 'root:x:0:0::/root:/bin/sh\n' }]);
  const checks = checkSets.flatMap((set) => set.checks.map(({ id }) => id));
  const ended = [
    ...(baseline?.failed ?? []).map(({ check }) => check),
    ...(baseline?.passed ?? []),
    ...(baseline?.notApplicable ?? []).map(({ check }) => check),
    ...(baseline?.unknown ?? []).map(({ check }) => check),
    ...(baseline?.disabled ?? []),
  ];
  assert.deepEqual(ended.sort(), checks.sort());
});

test('ids, items and readers are unique, and every check speaks both languages', () => {
  const checks = checkSets.flatMap((set) => set.checks);
  assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
  assert.equal(new Set(checks.map(({ axis, item }) => `${axis} ${item}`)).size, checks.length);
  const readers = checkSets.flatMap((set) => set.readers.map(({ id }) => id));
  assert.equal(new Set(readers).size, readers.length);
  for (const { id, title, description, advice } of checks) {
    for (const text of [title, description, advice]) {
      assert.ok(text.en.length > 3 && /[一-鿿]/.test(text.zh), id);
    }
  }
});
