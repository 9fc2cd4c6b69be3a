import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ecosystem, InstalledPackage } from '../../ecosystems/index.ts';
import type { VulnerabilityMatch } from '../contract.ts';
import type { FactStore, PackageFact, RecordFacts } from '../facts.ts';
import { matchPackages } from './matcher.ts';

const nvdHigh = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
const nvdLow = 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N';

interface TestRecord extends Partial<RecordFacts> {
  readonly id: string;
  readonly fixed?: string | null;
  readonly urgency?: string;
  readonly packageSeverities?: readonly string[];
}

/** A store with one package `p` in one ecosystem. */
function storeOf(ecosystem: string, records: readonly TestRecord[], more: Partial<FactStore> = {}): FactStore {
  const all = records.map(
    ({ id, aliases = [], linked = [], severities = [], word = null, title = null }): RecordFacts => {
      return { id, aliases, linked, severities, word, title, linkedElsewhere: true };
    },
  );
  const facts = records.map(({ fixed = '5', urgency = null, packageSeverities = [] }, record): PackageFact => {
    const ranges: PackageFact['ranges'] = [
      [['introduced', '0'], ...(fixed === null ? [] : [['fixed', fixed] as const])],
    ];
    return { record, ranges, versions: [], urgency, severities: packageSeverities };
  });
  return {
    snapshot: { id: 'test', createdAt: '2026-01-01T00:00:00Z', origin: 'updated', sources: [] },
    covers: (name) => name === ecosystem,
    facts: (asked, name) => (asked === ecosystem && name === 'p' ? facts : []),
    record: (number) => all[number] as RecordFacts,
    recordsOf: (id) => all.filter((record) => record.id === id || record.aliases.includes(id)),
    exploited: () => false,
    epss: () => new Map(),
    [Symbol.dispose]: () => {},
    ...more,
  };
}

function packageOf(name: string, version: string, source = 'p'): InstalledPackage {
  const place = { arch: 'amd64', locations: [], ownedBy: null, held: false };
  return {
    purl: `pkg:deb/debian/${name}@${version}`,
    type: 'deb',
    name,
    version,
    source: { name: source, version },
    ...place,
  };
}

function world(ecosystem: string): Ecosystem {
  return {
    id: 'test',
    types: ['deb'],
    kind: 'cve',
    catalogers: [],
    versions: {
      id: 'numbers',
      valid: (version) => /^[0-9]+$/.test(version),
      compare: (a, b) => Number(a) - Number(b),
    },
    advisoryKeys: ({ source }) => (source === null ? [] : [{ ecosystem, on: 'source', ...source }]),
  };
}

function matchesOf(ecosystem: string, records: readonly TestRecord[], more: Partial<FactStore> = {}, name = 'p') {
  const result = matchPackages(
    [packageOf(name, '4')],
    undefined,
    [world(ecosystem)],
    storeOf(ecosystem, records, more),
  );
  return result.matches;
}

function only(matches: readonly VulnerabilityMatch[]): VulnerabilityMatch {
  assert.equal(matches.length, 1);
  return matches[0] as VulnerabilityMatch;
}

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

const severities: { name: string; ecosystem: string; records: TestRecord[]; level: string; source: string | null }[] = [
  {
    name: 'Debian urgency before CVSS',
    ecosystem: 'Debian:12',
    records: [{ id: 'CVE-2024-0001', urgency: 'low**', severities: [nvdHigh] }],
    level: 'low',
    source: 'debian',
  },
  {
    name: 'not yet assigned is no rating',
    ecosystem: 'Debian:12',
    records: [{ id: 'CVE-2024-0001', urgency: 'not yet assigned', severities: [nvdHigh] }],
    level: 'high',
    source: 'nvd',
  },
  {
    name: 'word of an erratum',
    ecosystem: 'AlmaLinux:9',
    records: [{ id: 'ALSA-2024:1', linked: ['CVE-2024-0001'], word: 'moderate' }],
    level: 'medium',
    source: 'almalinux',
  },
  {
    name: 'package before record',
    ecosystem: 'Go',
    records: [{ id: 'GHSA-aaaa-bbbb-cccc', severities: [nvdHigh], packageSeverities: [nvdLow] }],
    level: 'low',
    source: 'ghsa',
  },
  {
    name: 'publisher word without vector',
    ecosystem: 'npm',
    records: [{ id: 'GHSA-aaaa-bbbb-cccc', word: 'moderate' }],
    level: 'medium',
    source: 'ghsa',
  },
  {
    name: 'CVSS of an alias',
    ecosystem: 'Go',
    records: [
      { id: 'GO-2024-0001', aliases: ['CVE-2024-0001'] },
      { id: 'CVE-2024-0001', fixed: '1', severities: [nvdHigh] },
    ],
    level: 'high',
    source: 'nvd',
  },
  { name: 'nobody says', ecosystem: 'Debian:12', records: [{ id: 'CVE-2026-0001' }], level: 'unknown', source: null },
  {
    name: 'an invalid vector is no score',
    ecosystem: 'Debian:12',
    records: [{ id: 'CVE-2026-0001', severities: ['CVSS:3.1/AV:N'] }],
    level: 'unknown',
    source: null,
  },
];

for (const { name, ecosystem, records, level, source } of severities) {
  test(`severity: ${name}`, () => {
    const { severity } = only(matchesOf(ecosystem, records));
    assert.deepEqual([severity.level, severity.source], [level, source]);
  });
}

const epss = (score: number, percentile: number): Pick<FactStore, 'epss'> => ({
  epss: (cves) => new Map(cves.map((cve) => [cve, { score, percentile }])),
});
const priorities: {
  name: string;
  record?: Partial<TestRecord>;
  more?: Partial<FactStore>;
  package?: string;
  expected: [string, string];
}[] = [
  {
    name: 'KEV',
    more: { exploited: (cve) => cve === 'CVE-2024-0001' },
    expected: ['asap', 'P0: known to be exploited (KEV)'],
  },
  {
    name: 'KEV even in a kernel package',
    package: 'linux-libc-dev',
    more: { exploited: () => true },
    expected: ['asap', 'P0: known to be exploited (KEV)'],
  },
  { name: 'likely with a fix', more: epss(0.42, 0.5), expected: ['asap', 'P1: epss 0.42, fix 5'] },
  { name: 'high percentile with a fix', more: epss(0.01, 0.96), expected: ['asap', 'P1: epss percentile 0.96, fix 5'] },
  {
    name: 'likely without a fix',
    record: { fixed: null },
    more: epss(0.42, 0.99),
    expected: ['nntf', 'P3: severity unknown'],
  },
  { name: 'high', record: { severities: [nvdHigh] }, expected: ['later', 'P2: severity high'] },
  {
    name: 'unimportant',
    record: { urgency: 'unimportant' },
    more: epss(0.9, 0.99),
    expected: ['nntf', 'P3: no security effect, says the vendor'],
  },
];

for (const { name, record, more, package: pkg, expected } of priorities) {
  test(`priority: ${name}`, () => {
    const match = only(matchesOf('Debian:12', [{ id: 'CVE-2024-0001', ...record }], more, pkg));
    assert.deepEqual([match.priority, match.priorityReason], expected);
  });
}

test('priority: kernel files are never urgent without KEV', () => {
  const records = [{ id: 'CVE-2024-0001', severities: [nvdHigh] }];
  const store = storeOf('Debian:12', records);
  const kernel: FactStore = { ...store, facts: () => store.facts('Debian:12', 'p') };
  const pkg = packageOf('linux-libc-dev', '4', 'linux');
  const { matches } = matchPackages([pkg], undefined, [world('Debian:12')], kernel);
  assert.equal(only(matches).priorityReason, 'P3: kernel package, not run from an image');
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
