import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisoryWorld, type OsvDocument } from '../../../test/support/advisory-world.ts';
import type { InstalledPackage } from '../../ecosystems/index.ts';

/*
 * What of an OSV record arrives at a match, through the feed, the index file and the matcher. Versions are whole numbers.
 */

const modified = '2026-01-01T00:00:00Z';

function installed(version: string, linked?: ReadonlySet<string>): InstalledPackage {
  const place = { arch: 'amd64', source: null, locations: [], ownedBy: null, held: false };
  return { purl: `pkg:deb/debian/p@${version}`, type: 'deb', name: 'p', version, ...place, ...(linked && { linked }) };
}

function document(id: string, affected: object, more: object = {}): OsvDocument {
  return { id, modified, affected: [{ package: { ecosystem: 'Debian:12', name: 'p' }, ...affected }], ...more };
}

const ranges = (...events: object[]) => [{ type: 'ECOSYSTEM', events }];
const open = { ranges: ranges({ introduced: '0' }) };

const rows: readonly { name: string; record: OsvDocument; affected: readonly string[]; not: readonly string[] }[] = [
  {
    name: 'events in any order and several branches',
    record: document('CVE-2024-0001', {
      ranges: ranges({ fixed: '15' }, { introduced: '10' }, { fixed: '5' }, { introduced: '0' }),
    }),
    affected: ['1', '12'],
    not: ['5', '9', '15'],
  },
  {
    name: 'several ranges',
    record: document('CVE-2024-0001', {
      ranges: [...ranges({ introduced: '2' }, { fixed: '4' }), ...ranges({ introduced: '8' }, { last_affected: '9' })],
    }),
    affected: ['2', '3', '8', '9'],
    not: ['1', '4', '7', '10'],
  },
  {
    name: 'a limit',
    record: document('CVE-2024-0001', { ranges: ranges({ introduced: '2' }, { limit: '6' }) }),
    affected: ['2', '5'],
    not: ['1', '6'],
  },
  {
    name: 'listed versions in another spelling, beside a range',
    record: document('CVE-2024-0001', { ranges: ranges({ introduced: '0' }, { fixed: '3' }), versions: ['1', '007'] }),
    affected: ['2', '7'],
    not: ['3', '8'],
  },
  {
    name: 'listed versions alone',
    record: document('CVE-2024-0001', { versions: ['4', '6'] }),
    affected: ['4', '6'],
    not: ['5'],
  },
  {
    name: 'the informal upper bound of an open range',
    record: document('CVE-2024-0001', {
      ...open,
      database_specific: { last_known_affected_version_range: '<= 6' },
    }),
    affected: ['6'],
    not: ['7'],
  },
  {
    name: 'never affected',
    record: document('CVE-2024-0001', { ranges: ranges({ introduced: '0' }, { fixed: '0' }) }),
    affected: [],
    not: ['0', '1'],
  },
  {
    name: 'a withdrawn record',
    record: document('CVE-2024-0001', open, { withdrawn: modified }),
    affected: [],
    not: ['1'],
  },
  { name: 'neither range nor versions', record: document('CVE-2024-0001', {}), affected: [], not: ['1'] },
  {
    name: 'ranges of commits only',
    record: document('CVE-2024-0001', { ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] }),
    affected: [],
    not: ['1'],
  },
  {
    name: 'a vulnerability that is only related',
    record: document('CVE-2024-0002', { versions: ['3'] }, { related: ['CVE-2024-0001'] }),
    affected: [],
    not: ['3'],
  },
];

for (const { name, record, affected, not } of rows) {
  test(`stored facts: ${name}`, async (t) => {
    const { feed, service, request } = advisoryWorld(t);
    feed('Debian', [record, document('CVE-2000-0001', { versions: ['1000'] })]);
    await service.update(request());
    using index = await service.open();
    const isAffected = (version: string) =>
      index.match([installed(version)], undefined).matches.some(({ id }) => id === 'CVE-2024-0001');
    assert.deepEqual([...affected, ...not].filter(isAffected), affected);
  });
}

test('stored facts: malice, without what was withdrawn', async (t) => {
  const { feed, service, request } = advisoryWorld(t);
  const marked = { summary: 'bad', database_specific: { cwe_ids: ['CWE-506'] } };
  feed('Debian', [
    document('MAL-2024-1', open, { summary: 'worse' }),
    document('MAL-2024-2', open, { withdrawn: modified }),
    document('GHSA-aaaa-bbbb-cccc', { versions: ['3'] }, marked),
  ]);
  await service.update(request());
  using index = await service.open();
  const { matches, malicious } = index.match([installed('3'), installed('4')], undefined);
  assert.deepEqual(matches, []);
  assert.deepEqual(
    malicious.map(({ id, title, package: pkg }) => [pkg.version, id, title]),
    [
      ['3', 'GHSA-aaaa-bbbb-cccc', 'bad'],
      ['3', 'MAL-2024-1', 'worse'],
      ['4', 'MAL-2024-1', 'worse'],
    ],
  );
});

test('stored facts: affected import paths', async (t) => {
  const { feed, service, request } = advisoryWorld(t);
  feed('Debian', [document('GO-2024-0001', { ...open, ecosystem_specific: { imports: [{ path: 'a/b' }] } })]);
  await service.update(request());
  using index = await service.open();
  const reach = (linked?: ReadonlySet<string>) =>
    index.match([installed('3', linked)], undefined).matches.map(({ reachability }) => reachability?.reason);
  assert.deepEqual(
    [reach(), reach(new Set(['a/b'])), reach(new Set(['a']))],
    [[undefined], [undefined], ['not-linked']],
  );
});
