import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rpmVersions } from './versions.ts';

const { compare, valid } = rpmVersions;

test('versions: a chain in ascending order', () => {
  const chain = [
    ...['1.0~~', '1.0~rc1', '1.0', '1.0^', '1.0^git1', '1.0.a', '1.0.1', '1.0.10', '1.1', '2a', '2.1', '10', '1:0.1'],
    ...['2:1-1', '2:1-1.el8', '2:1-1.el8_4', '2:1-1.1', '2:1-2~rc', '2:1-2', '99999999999999999999:0'],
  ];
  for (const [i, a] of chain.entries()) {
    for (const [j, b] of chain.entries()) assert.equal(Math.sign(compare(a, b)), Math.sign(i - j), `${a} and ${b}`);
  }
});

test('versions: what stands between segments does not matter, nor do leading zeros and epoch 0', () => {
  for (const [a, b] of [
    ['1.0', '1_0'],
    ['1.0', '1..0.'],
    ['1.05', '1.5'],
    ['0:1-1', '1-1'],
    ['1-1+', '1-1'],
  ] as const) {
    assert.equal(compare(a, b), 0, `${a} and ${b}`);
  }
});

test('versions: an advisory without release is compared by version only', () => {
  assert.equal(compare('1.2-3.el9', '1.2'), 0);
  assert.ok(compare('1.2-3.el9', '1.3') < 0);
  assert.ok(compare('1:1.2-3.el9', '1.3') > 0);
});

test('versions: the grammar', () => {
  for (const version of ['1', '1-1', '1:1.0~rc1^git-2.el9', '1.0-%{dist}', 'v1']) assert.ok(valid(version), version);
  for (const version of ['', ':1', 'a:1', '1:', '-1', '1-', '1-2-3', '1 2', '1/2', 'é', '1:2:3', '1'.repeat(1025)]) {
    assert.ok(!valid(version), version.slice(0, 20));
  }
});

test('versions: the order is one', () => {
  const version = fc
    .array(fc.constantFrom(...'0 1 10 01 a b ~ ^ . - _ +'.split(' ')), { minLength: 1, maxLength: 8 })
    .map((parts) => parts.join(''))
    .filter(valid);
  const withRelease = version.filter((text) => text.includes('-'));
  fc.assert(
    fc.property(withRelease, withRelease, withRelease, (a, b, c) => {
      assert.equal(compare(a, a), 0);
      assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)) + 0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0, `${a} ${b} ${c}`);
    }),
    { numRuns: 500 },
  );
});
