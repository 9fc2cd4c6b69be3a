import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { npmVersions } from './versions.ts';

test('order of SemVer 2, in the words of its specification', () => {
  const ordered =
    '0.0.0-0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.10 1.2.0 2.0.0';
  const versions = ordered.split(' ');
  for (const [i, a] of versions.entries()) {
    for (const [j, b] of versions.entries())
      assert.equal(Math.sign(npmVersions.compare(a, b)), Math.sign(i - j), `${a} ${b}`);
  }
});

const equal: [string, string][] = [
  ['v1.2.3', '1.2.3'],
  ['=1.2.3', '1.2.3'],
  [' 1.2.3 ', '1.2.3'],
  ['1.2', '1.2.0'],
  ['v1', '1.0.0'],
  ['1.2-rc.1', '1.2.0-rc.1'],
  ['1+build', '1.0.0'],
  ['1.2.3+a', '1.2.3+b'],
  ['1.2.3beta', '1.2.3-beta'],
];
for (const [a, b] of equal) test(`${a} is ${b}`, () => assert.equal(npmVersions.compare(a, b), 0));

test('what is no version', () => {
  const none = ['', 'latest', '^1.2.3', '>=1.0.0', '1.x', '1.2.3.4', 'file:../x', '1.2.3 || 2', '-1.0.0', '1..2', 'v'];
  const long = [`1.0.0-${'a'.repeat(300)}`, '1.'.repeat(50_000), `${'1'.repeat(17)}.0.0`, `${'a'.repeat(100_000)}!`];
  assert.deepEqual(
    [...none, ...long].filter((version) => npmVersions.valid(version)),
    [],
  );
});

test('any text has an answer, and the order is one', () => {
  const part = fc.constantFrom('0', '1', '10', '.', '-', '+', 'a', 'rc', 'v', ' ', '=', '~', '999999999999999999');
  const version = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      if (![a, b, c].every((text) => npmVersions.valid(text))) return;
      assert.equal(Math.sign(npmVersions.compare(a, b)), -Math.sign(npmVersions.compare(b, a)) || 0);
      if (npmVersions.compare(a, b) <= 0 && npmVersions.compare(b, c) <= 0) assert.ok(npmVersions.compare(a, c) <= 0);
    }),
    { numRuns: 2_000 },
  );
});
