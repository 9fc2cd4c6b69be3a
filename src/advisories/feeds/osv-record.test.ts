import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOsvRecord } from './osv-record.ts';

const base = { id: 'GHSA-aaaa-bbbb-cccc', modified: '2026-01-02T03:04:05Z' };
const pkg = { ecosystem: 'npm', name: 'p' };

function affected(...entries: object[]) {
  return readOsvRecord({ ...base, affected: entries })?.affected;
}

test('record: without id or time of modification it is none', () => {
  for (const value of [
    null,
    [],
    'x',
    {},
    { id: base.id },
    { ...base, id: '../x' },
    { ...base, modified: 'yesterday' },
  ]) {
    assert.equal(readOsvRecord(value), undefined);
  }
});

test('record: entries of one package are a union; GIT ranges and entries without package are left out', () => {
  const entries = affected(
    { package: pkg, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.2' }] }] },
    { package: pkg, ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }], versions: ['2.0', 7] },
    { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] },
    { package: { ecosystem: 'npm', name: 'q' } },
  );
  const ranges = [
    [
      ['introduced', '0'],
      ['fixed', '1.2'],
    ],
  ];
  assert.deepEqual(entries, [
    { ...pkg, ranges, versions: ['2.0'], urgency: null, severities: [], imports: [], stance: null },
  ]);
});

test('record: the informal upper bound counts only where the range has none', () => {
  const bound = { database_specific: { last_known_affected_version_range: '<= 1.9' } };
  const open = affected({ package: pkg, ...bound, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] });
  assert.deepEqual(open?.[0]?.ranges, [
    [
      ['introduced', '0'],
      ['last_affected', '1.9'],
    ],
  ]);
  const closed = affected({
    package: pkg,
    ...bound,
    ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2' }] }],
  });
  assert.deepEqual(closed?.[0]?.ranges, [
    [
      ['introduced', '0'],
      ['fixed', '2'],
    ],
  ]);
  const below = { database_specific: { last_known_affected_version_range: '< 3' } };
  const limited = affected({ package: pkg, ...below, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] });
  assert.deepEqual(limited?.[0]?.ranges, [
    [
      ['introduced', '0'],
      ['limit', '3'],
    ],
  ]);
});

test('record: only errata keep links, each CVE once', () => {
  const related = ['CVE-2024-0001', 'UBUNTU-CVE-2024-0001', 'USN-1-1'];
  assert.deepEqual(readOsvRecord({ ...base, id: 'DSA-1-1', related })?.linked, ['CVE-2024-0001']);
  assert.deepEqual(readOsvRecord({ ...base, id: 'CVE-2024-0002', related })?.linked, []);
});

test('record: where there is an upstream, other relations are of other kinds', () => {
  const read = readOsvRecord({ ...base, id: 'USN-1-1', upstream: ['CVE-2024-0002'], related: ['CVE-2024-0001'] });
  assert.deepEqual(read?.linked, ['CVE-2024-0002']);
  assert.deepEqual(readOsvRecord({ ...base, id: 'CGA-1a2b', upstream: ['CVE-2024-0003'] })?.linked, ['CVE-2024-0003']);
});

test('record: malice is what the number or the weakness class says, not a word of the summary', () => {
  const malicious = (more: object) => readOsvRecord({ ...base, ...more })?.malicious;
  assert.equal(malicious({ id: 'MAL-2024-1' }), true);
  assert.equal(malicious({ database_specific: { cwe_ids: ['CWE-20', 'CWE-506'] } }), true);
  assert.equal(malicious({ summary: 'Malicious Package in p', database_specific: { cwe_ids: ['CWE-200'] } }), false);
  assert.equal(malicious({}), false);
});

test('record: affected import paths; none as soon as one entry means the whole package', () => {
  const entry = (...paths: unknown[]) => ({
    ...{ package: pkg, versions: ['1'] },
    ecosystem_specific: { imports: paths.map((path) => ({ path, symbols: ['F'] })) },
  });
  const imports = (...entries: object[]) => affected(...entries)?.[0]?.imports;
  assert.deepEqual(imports(entry('b', 'a', 'b')), ['a', 'b']);
  assert.deepEqual(imports(entry('b'), entry('a')), ['a', 'b']);
  assert.deepEqual(imports(entry('b'), { package: pkg, versions: ['2'] }), []);
  assert.deepEqual(imports({ package: pkg, versions: ['2'] }, entry('b')), []);
  for (const odd of [7, '', 'a b', null, 'x'.repeat(600)]) assert.deepEqual(imports(entry('a', odd)), []);
  assert.deepEqual(imports(entry(...Array.from({ length: 1_001 }, (_, index) => `p${index}`))), []);
});

test('record: the title is one plain line of at most 200 characters', () => {
  const title = (summary: string) => readOsvRecord({ ...base, summary })?.title;
  assert.equal(title('first\nsecond'), 'first');
  assert.equal(title('\u001b[31mred\u202e'), '[31mred');
  assert.equal([...(title('😀'.repeat(300)) ?? '')].length, 200);
  assert.equal(readOsvRecord({ ...base, details: 'from details' })?.title, 'from details');
  assert.equal(readOsvRecord(base)?.title, null);
});

test('record: words of publishers and of errata', () => {
  assert.equal(readOsvRecord({ ...base, database_specific: { severity: 'MODERATE' } })?.word, 'moderate');
  assert.equal(readOsvRecord({ ...base, id: 'ALSA-2024:1', summary: 'Important: kernel update' })?.word, 'important');
  assert.equal(readOsvRecord({ ...base, summary: 'p: a problem' })?.word, null);
});
