import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageOf, storeOf, type TestRecord, world } from '../../../test/support/fact-store.ts';
import { matchPackages } from './matcher.ts';

function matched(records: readonly TestRecord[]) {
  const { matches, malicious } = matchPackages(
    [packageOf('p', '4')],
    undefined,
    [world('npm')],
    storeOf('npm', records),
  );
  return {
    vulnerabilities: matches.map(({ id }) => id),
    malicious: malicious.map(({ id, aliases, title, package: pkg }) => [id, aliases, title, pkg.name]),
  };
}

const mal = { id: 'MAL-2022-4691', fixed: null, title: 'Malicious code in p (npm)' };

test('malicious: a package that a record names is no vulnerability', () => {
  assert.deepEqual(matched([mal]), {
    vulnerabilities: [],
    malicious: [['MAL-2022-4691', [], 'Malicious code in p (npm)', 'p']],
  });
});

test('malicious: other versions of the package are not', () => {
  assert.deepEqual(matched([{ ...mal, fixed: '3' }]), { vulnerabilities: [], malicious: [] });
});

test('malicious: GHSA counts where it says so, and is the same under both numbers', () => {
  const ghsa = { id: 'GHSA-hxxf-q3w9-4xgw', malicious: true, title: 'Malicious Package in eslint-scope' };
  assert.deepEqual(matched([ghsa]), {
    vulnerabilities: [],
    malicious: [['GHSA-hxxf-q3w9-4xgw', [], 'Malicious Package in eslint-scope', 'p']],
  });
  const { vulnerabilities, malicious } = matched([ghsa, { ...mal, aliases: [ghsa.id] }]);
  assert.deepEqual([vulnerabilities, malicious.map(([id, aliases]) => [id, aliases])], [[], [[mal.id, [ghsa.id]]]]);
});

test('malicious: the same under a number that does not say so is no vulnerability, unless it has a CVE', () => {
  const alias = { id: 'GHSA-aaaa-bbbb-cccc' };
  assert.deepEqual(matched([alias, { ...mal, aliases: [alias.id] }]).vulnerabilities, []);
  const known = { ...alias, aliases: ['CVE-2021-0001'] };
  assert.deepEqual(matched([known, { ...mal, aliases: [alias.id] }]).vulnerabilities, ['CVE-2021-0001']);
});

test('malicious: vulnerabilities of the same package stay', () => {
  assert.deepEqual(matched([mal, { id: 'CVE-2024-0001' }]).vulnerabilities, ['CVE-2024-0001']);
});
