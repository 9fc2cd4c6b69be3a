import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { debVersions } from './versions.ts';

const sign = (a: string, b: string): number => Math.sign(debVersions.compare(a, b));

test('ascending chains of Debian Policy §5.6.12 and of practice', () => {
  const chains = [
    ['1.0~~', '1.0~~a', '1.0~', '1.0', '1.0a'],
    ['1.0~rc1-1', '1.0-1~bpo12+1', '1.0-1~deb12u1', '1.0-1', '1.0-1+b1', '1.0-1+deb12u1', '1.0-1.1', '1.0-2'],
    ['9', '10', '1:1', '2:0', '10:0'],
    ['1.2', '1.2a', '1.2a0b', '1.2+b', '1.2.3'],
    ['1-1-1', '1-2-0', '1.0-1'],
    ['3.0.11-1~deb12u2', '3.0.13-1~deb12u1', '3.0.15-1~deb12u1'],
    ['1:1', `1${'0'.repeat(30)}:0`],
    [`1.${'9'.repeat(400)}`, `1.1${'0'.repeat(400)}`],
  ];
  for (const chain of chains) {
    for (let low = 0; low < chain.length; low++) {
      for (let high = low + 1; high < chain.length; high++) {
        assert.equal(sign(chain[low] ?? '', chain[high] ?? ''), -1, `${chain[low]} < ${chain[high]}`);
        assert.equal(sign(chain[high] ?? '', chain[low] ?? ''), 1, `${chain[high]} > ${chain[low]}`);
      }
    }
  }
});

test('equal in value', () => {
  for (const [a, b] of [
    ['1.0', '1.0-0'],
    ['0:1.0', '1.0'],
    ['1.00', '1.0'],
    ['1.0-01', '1.0-1'],
    ['00:1', '1'],
    ['1.', '1.0'],
  ] as const) {
    assert.equal(sign(a, b), 0, `${a} = ${b}`);
  }
});

test('grammar', () => {
  for (const good of ['0', '1.0-1', '1:2:3-4', '1.0-1-2', '1+dfsg~rc1-1.1+b2', `${'9'.repeat(40)}:1`, '2:1:0~-0']) {
    assert.ok(debVersions.valid(good), good);
  }
  const nul = String.fromCharCode(0);
  for (const bad of [
    ...['', ':1', '1:', '1-', '1:-1', 'a', 'a1', 'x:1', '1 ', ' 1', '1_0', '1:1-2:3', '1:2-', '-1', '1é', '1\n'],
    ...[`1${nul}`, '1/../../x', '~1', '1'.repeat(5000)],
  ]) {
    assert.ok(!debVersions.valid(bad), JSON.stringify(bad));
  }
});

test('a total order: antisymmetric and transitive', () => {
  const version = fc.string({ unit: fc.constantFrom(...'0019aZz.+~-:'), minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.equal(sign(a, b), -sign(b, a) || 0);
      const [x, y, z] = [a, b, c].sort(debVersions.compare) as [string, string, string];
      assert.ok(sign(x, y) <= 0 && sign(y, z) <= 0 && sign(x, z) <= 0);
    }),
    { numRuns: 500 },
  );
});
