import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, mayNameNothing, namedIn } from './ignored-kinds.ts';

test('one kind at a time, vulnerabilities without any', () => {
  assert.equal(kindOf({}), 'ignore');
  assert.equal(kindOf({ sensitive: true }), 'sensitive');
  assert.throws(() => kindOf({ sensitive: true, malicious: true }), /several kinds/);
  assert.throws(() => kindOf({ falsePositive: true }), /--false-positive needs/);
});

test('hashes of malicious files are recognised, everything else is a rule', () => {
  const md5 = 'AB'.repeat(16);
  const sha256 = 'cd'.repeat(32);
  assert.deepEqual(namedIn('malicious', [md5, sha256, 'MW-04', 'rule:x', `md5:${'0'.repeat(32)}`]), [
    ...[`md5:${md5.toLowerCase()}`, `sha256:${sha256}`, 'rule:MW-04', 'rule:x', `md5:${'0'.repeat(32)}`],
  ]);
  assert.deepEqual(namedIn('baseline', ['ID-001']), ['ID-001']);
});

test('only a narrowed decision on other findings names nothing', () => {
  assert.equal(mayNameNothing('ignore', true), false);
  assert.equal(mayNameNothing('malicious', true), true);
  assert.equal(mayNameNothing('malicious', false), false);
});
