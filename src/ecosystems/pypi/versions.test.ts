import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pypiVersions } from './versions.ts';

// Against Python's own order: test/integration/pypi-versions.test.ts.
test('order of PEP 440, in the words of its text', () => {
  const ordered =
    '1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 ' +
    '1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1!0.1';
  const versions = ordered.split(' ');
  for (const [i, a] of versions.entries()) {
    for (const [j, b] of versions.entries()) {
      assert.equal(Math.sign(pypiVersions.compare(a, b)), Math.sign(i - j), `${a} ${b}`);
    }
  }
});

test('labels are words or numbers, never numbers in another notation', () => {
  const ordered = ['1+0x1f', '1+1e5', '1+infinity', '1+2', '1+10', '1+99999999999999999999', '1+100000000000000000000'];
  assert.deepEqual(ordered.toSorted(pypiVersions.compare), ordered);
  assert.equal(pypiVersions.compare('1+A-1', '1+a.01'), 0);
});

test('what is no version', () => {
  const none = ['', '1.0.x', 'latest', '2004-01-02', '1.0-beta-x', '1..0', '1.0+', '1.0+a..b', 'v', '1!'];
  const long = [
    '1.'.repeat(50_000),
    `${'a'.repeat(100_000)}!`,
    `1.${'9'.repeat(300)}`,
    `1.${'9'.repeat(17)}`,
    `1+${'a.'.repeat(200)}`,
  ];
  assert.deepEqual(
    [...none, ...long].filter((version) => pypiVersions.valid(version)),
    [],
  );
});

test('any text has an answer, and the order is one', () => {
  const part = fc.constantFrom('0', '1', '10', '.', '-', '+', 'a', 'rc', 'post', 'dev', '!', '_', 'v', ' ', '1e5');
  const version = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      if (![a, b, c].every((text) => pypiVersions.valid(text))) return;
      assert.equal(Math.sign(pypiVersions.compare(a, b)), -Math.sign(pypiVersions.compare(b, a)) || 0);
      if (pypiVersions.compare(a, b) <= 0 && pypiVersions.compare(b, c) <= 0)
        assert.ok(pypiVersions.compare(a, c) <= 0);
    }),
    { numRuns: 2_000 },
  );
});
