import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mavenVersions } from './versions.ts';

const { compare, valid } = mavenVersions;

/** Rising, after the examples of the POM reference; the same place in one row means equal. */
const rising: readonly (readonly string[])[] = [
  ['1-alpha-1', '1a1', '1.alpha1', '1.0-a1'],
  ['1-alpha2'],
  ['1-beta-1', '1.b1'],
  ['1-milestone-1', '1-m1'],
  ['1.0.RC2', '1-rc2', '1.0-cr2'],
  ['1.0-RC3', '1-rc-3'],
  ['1-snapshot', '1.0-SNAPSHOT'],
  ['1', '1.0', '1.0.0', '1-0', '1.0.Final', '1-ga', '1.0.RELEASE', '1.0.0-0.0'],
  ['1-sp', '1.sp'],
  ['1-foo2', '1.foo2'],
  ['1-foo10'],
  ['1-jre8'],
  ['1.0-redhat-1', '1-redhat1'],
  ['1.0-redhat-10'],
  ['1-1', '1.0-1'],
  ['1.0.1'],
  ['1.1'],
  ['1.10'],
  ['1.99999999999999999999999'],
  ['2'],
  ['31.1-android'],
  ['31.1-jre'],
  ['32'],
  ['20040616'],
];

test('the order of the specification', () => {
  for (const [i, left] of rising.entries()) {
    for (const [j, right] of rising.entries()) {
      for (const a of left)
        for (const b of right) assert.equal(Math.sign(compare(a, b)), Math.sign(i - j), `${a} ${b}`);
    }
  }
});

test('what is a version', () => {
  for (const version of ['1', '9.4.44.v20210927', '2.0.1+build', 'r09', 'v3-rev197-1.25.0', '1.0_2', 'Finchley.SR2']) {
    assert.ok(valid(version), version);
  }
  // A word alone is below every number: it would be in each range that begins at zero.
  for (const version of [
    '',
    'unspecified',
    'SNAPSHOT',
    '\u0024{project.version}',
    '\u0024{v1}',
    '1 2',
    '1\n',
    '[1,2)',
    '1/2',
    'é1',
  ]) {
    assert.ok(!valid(version), version);
  }
  assert.ok(!valid('1.'.repeat(50_000)));
});

test('equal texts of other case, and antisymmetry', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0019.-aAbBmxSNAPSHOTrcgaspfinal'), maxLength: 20 }).filter(valid);
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(compare(a, a.toUpperCase()), 0);
      assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)) + 0);
    }),
    { numRuns: 300 },
  );
});

test('long versions of every shape take little time', () => {
  const started = performance.now();
  for (const unit of ['1.', '-', '.', 'a', '1a', '-0', '0.']) {
    const version = `${unit.repeat(250).slice(0, 500)}1`;
    assert.ok(valid(version));
    for (let i = 0; i < 20; i++) compare(version, `${version}2`);
  }
  assert.ok(performance.now() - started < 2000);
});
