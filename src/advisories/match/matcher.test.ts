import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesOf, only, packageOf, storeOf, type TestRecord, world } from '../../../test/support/fact-store.ts';
import { matchPackages } from './matcher.ts';

const states: { name: string; record: Partial<TestRecord>; state: string; level: string }[] = [
  { name: 'fix known', record: {}, state: 'fixed', level: 'unknown' },
  { name: 'no fix', record: { fixed: null }, state: 'unfixed', level: 'unknown' },
  {
    name: 'unimportant, also with a fix',
    record: { urgency: 'unimportant' },
    state: 'unimportant',
    level: 'negligible',
  },
  { name: 'end of life', record: { urgency: 'end-of-life', fixed: null }, state: 'end_of_life', level: 'unknown' },
];

for (const { name, record, state, level } of states) {
  test(`state: ${name}`, () => {
    const match = only(matchesOf('Debian:12', [{ id: 'CVE-2024-0001', ...record }]));
    assert.equal(match.state, state);
    assert.equal(match.severity.level, level);
  });
}

test('identity: an erratum gives one finding per CVE and stays as an alias beside the CVE record', () => {
  const matches = matchesOf('Debian:12', [
    { id: 'DSA-5000-1', linked: ['CVE-2024-0001', 'CVE-2024-0002'], fixed: '9' },
    { id: 'CVE-2024-0001', fixed: '8', title: 'one' },
  ]);
  assert.deepEqual(
    matches.map(({ id, aliases, fixedVersion, match }) => [id, aliases, fixedVersion, match.advisory]),
    [
      ['CVE-2024-0001', ['DSA-5000-1'], '8', 'CVE-2024-0001'],
      ['CVE-2024-0002', ['DSA-5000-1'], '9', 'DSA-5000-1'],
    ],
  );
});

test('identity: an erratum does not contradict the record of a CVE that was fixed before', () => {
  const matches = matchesOf('Debian:12', [
    { id: 'DSA-5000-1', linked: ['CVE-2024-0001', 'CVE-2024-0002'], fixed: '9' },
    { id: 'CVE-2024-0001', fixed: '3' },
  ]);
  assert.deepEqual(
    matches.map((match) => match.id),
    ['CVE-2024-0002'],
  );
});

test('identity: bug errata without CVE are no vulnerabilities, security errata without CVE are', () => {
  assert.deepEqual(matchesOf('AlmaLinux:9', [{ id: 'ALBA-2024:1' }, { id: 'ALEA-2024:2' }]), []);
  assert.equal(only(matchesOf('Debian:12', [{ id: 'DSA-5000-1' }])).id, 'DSA-5000-1');
});

test('identity: prefixed records are known by their CVE', () => {
  const match = only(matchesOf('Debian:12', [{ id: 'DEBIAN-CVE-2024-0001' }]));
  assert.deepEqual([match.id, match.aliases], ['CVE-2024-0001', ['DEBIAN-CVE-2024-0001']]);
});

test('identity: aliases merge through others, the curated record wins', () => {
  const match = only(
    matchesOf('Go', [
      { id: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2024-0001'], fixed: '7' },
      { id: 'GO-2024-0001', aliases: ['GHSA-aaaa-bbbb-cccc'], fixed: '6' },
    ]),
  );
  assert.deepEqual([match.id, match.fixedVersion, match.match.advisory], ['CVE-2024-0001', '6', 'GO-2024-0001']);
  assert.deepEqual(match.aliases, ['GHSA-aaaa-bbbb-cccc', 'GO-2024-0001']);
});

test('identity: two CVE ids are never joined', () => {
  const matches = matchesOf('Go', [
    { id: 'CVE-2024-0001', aliases: ['GHSA-aaaa-bbbb-cccc'] },
    { id: 'CVE-2024-0002', aliases: ['GHSA-aaaa-bbbb-cccc'] },
  ]);
  assert.deepEqual(
    matches.map((match) => match.id),
    ['CVE-2024-0001', 'CVE-2024-0002'],
  );
});

test('identity: a record that calls another CVE its alias keeps its own id', () => {
  const matches = matchesOf('Debian:12', [
    { id: 'CVE-2024-0001', aliases: ['CVE-2024-0002'] },
    { id: 'CVE-2024-0002', aliases: ['CVE-2024-0001'] },
  ]);
  assert.deepEqual(
    matches.map((match) => [match.id, match.aliases]),
    [
      ['CVE-2024-0001', ['CVE-2024-0002']],
      ['CVE-2024-0002', ['CVE-2024-0001']],
    ],
  );
});

test('matching: epss is null when unknown and results are sorted by package and id', () => {
  const store = storeOf('Debian:12', [{ id: 'CVE-2024-0002' }, { id: 'CVE-2024-0001' }]);
  const packages = [packageOf('p-tools', '4'), packageOf('p', '4')];
  const { matches } = matchPackages(packages, undefined, [world('Debian:12')], store);
  assert.deepEqual(
    matches.map((match) => [match.package.name, match.id, match.epss]),
    [
      ['p-tools', 'CVE-2024-0001', null],
      ['p-tools', 'CVE-2024-0002', null],
      ['p', 'CVE-2024-0001', null],
      ['p', 'CVE-2024-0002', null],
    ],
  );
});

test('matching: no source and no version are said, never clean', () => {
  const store = storeOf('Debian:12', [{ id: 'CVE-2024-0001' }]);
  const packages = [packageOf('p', 'x1'), { ...packageOf('q', '4'), type: 'apk' }];
  const result = matchPackages(packages, undefined, [world('Debian:12')], store);
  assert.deepEqual(result.matches, []);
  assert.deepEqual(
    result.unmatched.map((item) => [item.package.name, item.reason]),
    [
      ['p', 'invalid_version'],
      ['q', 'no_advisory_source'],
    ],
  );
  const elsewhere = matchPackages([packageOf('p', '4')], undefined, [world('Debian:10')], store);
  assert.equal(elsewhere.unmatched[0]?.reason, 'no_advisory_source');
});
