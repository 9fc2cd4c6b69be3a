import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConffileAction, decideConffile, readConffileLines } from './conffile-table.ts';

// Rows of fix-engine.md §8.4; the same rows are compared with dpkg itself in test/integration/dpkg-oracle.test.ts.
const rows: [recorded: string | undefined, current: string | undefined, shipped: string, result: ConffileAction][] = [
  [undefined, undefined, 'n', 'install'],
  ['newconffile', undefined, 'n', 'install'],
  ['newconffile', 'other', 'n', 'keep-aside'],
  [undefined, 'other', 'n', 'keep-aside'],
  ['h', 'h', 'n', 'replace'],
  ['h', 'h', 'h', 'keep'],
  ['h', 'edited', 'h', 'keep'],
  ['h', 'edited', 'n', 'keep-aside'],
  ['h', 'n', 'n', 'keep'],
  [undefined, 'n', 'n', 'keep'],
  ['h', undefined, 'h', 'keep'],
  ['h', undefined, 'n', 'keep-aside'],
];

for (const [recorded, current, shipped, result] of rows) {
  test(`recorded ${recorded}, in the image ${current}, shipped ${shipped}: ${result}`, () => {
    assert.equal(decideConffile({ recorded, current, shipped }), result);
  });
}

test('a conffiles member names absolute paths, perhaps with the flag to remove them', () => {
  assert.deepEqual(readConffileLines(['/etc/a', 'remove-on-upgrade /etc/b ', 'etc/relative']), [
    { path: '/etc/a', removeOnUpgrade: false },
    { path: '/etc/b', removeOnUpgrade: true },
  ]);
});
