import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apkVersions } from './versions.ts';

const sign = (a: string, b: string): number => Math.sign(apkVersions.compare(a, b));

test('ascending chains of apk-package(5) and of practice', () => {
  const chains = [
    [
      '1.0_alpha',
      '1.0_alpha1',
      '1.0_beta',
      '1.0_pre2',
      '1.0_rc1',
      '1.0',
      '1.0_cvs1',
      '1.0_svn1',
      '1.0_git1',
      '1.0_hg1',
      '1.0_p1',
    ],
    ['1.0', '1.0-r0', '1.0-r1', '1.0-r10', '1.0_p1', '1.0_p1-r0', '1.0a', '1.0a-r3', '1.0b', '1.0.0', '1.0.1', '1.1'],
    ['1.1.1k-r0', '1.1.1l-r0', '1.1.1w-r1', '3.0.7-r2'],
    // A leading zero after the first number makes a part text.
    ['1.0', '1.001', '1.002', '1.01', '1.05', '1.1', '1.5', '1.10'],
    ['0', '0.1', '1', '9', '10', '20240101', `1${'0'.repeat(30)}`, `2${'0'.repeat(30)}`],
    ['2.38.1_git20240101-r0', '2.38.1_git20240102-r0', '2.38.2'],
    ['1.0_rc1_p1', '1.0_p1_alpha', '1.0_p1', '1.0_p1_p1'],
    ['1.0~1a-r0', '1.0~1b-r0'],
    // A number after the letter, as apk-tools 2 has it.
    ['1.9.5p-r0', '1.9.5p1-r0', '1.9.5p2-r0', '1.9.5p2-r1', '1.9.5p10-r0', '1.9.6-r0'],
    ['3.3.3', '3.3.3p1-r2', '3.3.3p1-r3', '3.3.4-r2'],
    ['7.88.1-r1', '8.0.0-r0', '8.5.0-r0', '8.11.0-r2', '8.12.0-r0'],
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
    ['01', '1'],
    ['1_p01', '1_p1'],
    ['1-r01', '1-r1'],
  ] as const) {
    assert.equal(sign(a, b), 0, `${a} = ${b}`);
  }
});

test('grammar: what does not parse to its end is no version', () => {
  const good = [
    '0',
    '1',
    '1.2.3',
    '1.2a',
    '1_p',
    '1.2.3a_rc1_git20-r5',
    '1.0~0aF',
    '1_alpha_pre2',
    '20240101-r0',
    '1.00',
  ];
  for (const version of good) assert.ok(apkVersions.valid(version), version);
  const nul = String.fromCharCode(0);
  for (const bad of [
    ...[
      '',
      'a',
      '.1',
      '1.',
      '1..2',
      '1a.2',
      '1ab',
      '1_',
      '1_foo',
      '1_p-',
      '1-',
      '1-1',
      '1-r',
      '1-r1.2',
      '1-r1_p1',
      '1~',
    ],
    ...[
      '1~g',
      '1~ab~cd',
      'v1.2',
      '1:2',
      '1 ',
      ' 1',
      '1.0A',
      '1_P1',
      `1${nul}`,
      '1+2',
      '1.2-r1-r2',
      'é',
      '1'.repeat(1025),
    ],
  ]) {
    assert.ok(!apkVersions.valid(bad), JSON.stringify(bad));
  }
});

test('the fix version 0 of secdb means never affected: no release comes before it', () => {
  for (const version of ['0', '0-r0', '0.1', '0_p1', '1.0_alpha1', '00']) assert.ok(sign(version, '0') >= 0, version);
});

test('a total order: antisymmetric and transitive', () => {
  const digits = fc.constantFrom('0', '00', '01', '1', '2', '10', '007', '18446744073709551616');
  const suffix = fc.tuple(
    fc.constantFrom('_alpha', '_beta', '_pre', '_rc', '_cvs', '_svn', '_git', '_hg', '_p'),
    fc.constantFrom('', '0', '1', '10', '01'),
  );
  const version = fc
    .tuple(
      digits,
      fc.array(digits, { maxLength: 3 }),
      fc.constantFrom('', 'a', 'b'),
      fc.array(suffix, { maxLength: 2 }),
      fc.constantFrom('', '', '~1a', '~1'),
      fc.constantFrom('', '-r0', '-r1', '-r10'),
    )
    .map(([first, more, letter, suffixes, hash, revision]) => {
      const numbers = [first, ...more].join('.');
      return `${numbers}${letter}${suffixes.map((parts) => parts.join('')).join('')}${hash}${revision}`;
    });
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      for (const each of [a, b, c]) assert.ok(apkVersions.valid(each), each);
      assert.equal(sign(a, b), -sign(b, a) || 0);
      const [x, y, z] = [a, b, c].sort(apkVersions.compare) as [string, string, string];
      assert.ok(sign(x, y) <= 0 && sign(y, z) <= 0 && sign(x, z) <= 0, `${x} ${y} ${z}`);
    }),
    { numRuns: 1000 },
  );
});
