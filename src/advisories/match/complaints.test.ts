import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesOf, nvdHigh, nvdLow, only, packageOf, storeOf, world } from '../../../test/support/fact-store.ts';
import { ecosystems } from '../../ecosystems/index.ts';
import { matchPackages } from './matcher.ts';

/*
 * Complaints of users about scanners (scanning.md §7) that matching answers. Ids and aliases are those of real records;
 * versions are whole numbers.
 */

/** golang.org/x/text, as the Go database, GHSA and NVD number it. */
const text = {
  go: { id: 'GO-2021-0113', aliases: ['CVE-2021-38561', 'GHSA-ppp9-7jff-5vj2'] },
  ghsa: { id: 'GHSA-ppp9-7jff-5vj2', aliases: ['CVE-2021-38561'] },
  cve: { id: 'CVE-2021-38561' },
};

test('complaint 15: one flaw under CVE, GHSA and GO is one finding, whichever of them are loaded', () => {
  const all = [text.go, text.ghsa, text.cve];
  for (const records of [all, all.toReversed(), [text.go, text.ghsa], [text.ghsa, text.go], [text.go]]) {
    const match = only(matchesOf('Go', records));
    assert.deepEqual(
      [match.id, match.aliases, match.match.advisory],
      ['CVE-2021-38561', ['GHSA-ppp9-7jff-5vj2', 'GO-2021-0113'], 'GO-2021-0113'],
    );
  }
});

test('complaint 15: PYSEC and RUSTSEC join their GHSA record where no CVE exists', () => {
  const python = matchesOf('PyPI', [
    { id: 'GHSA-h4m5-qpfp-3mpv', aliases: ['PYSEC-2021-421'] },
    { id: 'PYSEC-2021-421', aliases: [] },
  ]);
  assert.deepEqual([only(python).id, only(python).aliases], ['GHSA-h4m5-qpfp-3mpv', ['PYSEC-2021-421']]);
  const rust = matchesOf('crates.io', [
    { id: 'RUSTSEC-2021-0139', aliases: [] },
    { id: 'GHSA-aaaa-bbbb-cccc', aliases: ['RUSTSEC-2021-0139'] },
  ]);
  assert.deepEqual([only(rust).id, only(rust).match.advisory], ['GHSA-aaaa-bbbb-cccc', 'RUSTSEC-2021-0139']);
});

/** One GO record for two flaws of etcd that others number apart. */
const etcd = [
  {
    id: 'GO-2020-0005',
    aliases: ['CVE-2020-15106', 'CVE-2020-15112', 'GHSA-m332-53r6-2w93', 'GHSA-p4g4-wgrh-qrg2'],
    title: 'Panic due to malformed WALs',
  },
  { id: 'GHSA-m332-53r6-2w93', aliases: ['CVE-2020-15112'] },
  { id: 'GHSA-p4g4-wgrh-qrg2', aliases: ['CVE-2020-15106'] },
];

test('complaint 15: a record that names two CVEs does not join them, in whatever order the feed has them', () => {
  for (const records of [etcd, etcd.toReversed(), [etcd[1], etcd[0], etcd[2]].flatMap((record) => record ?? [])]) {
    const found = matchesOf('Go', records).map(({ id, match }) => [id, match.advisory]);
    assert.deepEqual(found, [
      ['CVE-2020-15106', 'GO-2020-0005'],
      ['CVE-2020-15112', 'GHSA-m332-53r6-2w93'],
    ]);
  }
});

for (const [ecosystem, id, cves] of [
  ['Debian:12', 'DSA-5417-1', ['CVE-2023-0464', 'CVE-2023-0465']],
  ['Debian:11', 'DLA-3449-1', ['CVE-2023-0464', 'CVE-2023-0465']],
  ['AlmaLinux:9', 'ALSA-2023:3722', ['CVE-2023-0464', 'CVE-2023-0465']],
  ['Rocky Linux:9', 'RLSA-2023:3722', ['CVE-2023-0464', 'CVE-2023-0465']],
] as const) {
  test(`complaint 15: ${id} gives one finding for each of its CVEs, together with the records of these`, () => {
    const erratum = { id, linked: cves };
    const alone = matchesOf(ecosystem, [erratum]);
    const beside = matchesOf(ecosystem, [erratum, ...cves.map((cve) => ({ id: cve, fixed: '6' }))]);
    for (const matches of [alone, beside]) {
      assert.deepEqual(
        matches.map((match) => [match.id, match.aliases]),
        cves.map((cve) => [cve, [id]]),
      );
    }
    assert.deepEqual(
      beside.map((match) => match.fixedVersion),
      ['6', '6'],
    );
  });
}

test('complaint 15: an erratum about bugs alone is no finding, one that names a CVE is', () => {
  assert.deepEqual(matchesOf('AlmaLinux:8', [{ id: 'ALBA-2019:3474' }, { id: 'ALEA-2021:4060' }]), []);
  assert.equal(only(matchesOf('AlmaLinux:8', [{ id: 'ALBA-2021:1', linked: ['CVE-2021-0001'] }])).id, 'CVE-2021-0001');
});

test('complaint 16: a record without any rating takes that of its alias, and says whose it is', () => {
  const { go, ghsa } = text;
  const { severity } = only(matchesOf('Go', [go, { ...ghsa, severities: [nvdHigh], word: 'moderate' }]));
  assert.deepEqual(severity, { level: 'high', source: 'ghsa', score: 7.5, vector: nvdHigh });
  const worded = only(matchesOf('Go', [go, { ...ghsa, word: 'moderate' }]));
  assert.deepEqual(worded.severity, { level: 'medium', source: 'ghsa', score: null, vector: null });
  // Known for another package or ecosystem only, which does not match here.
  const elsewhere = only(matchesOf('Go', [go, { ...text.cve, fixed: '1', severities: [nvdLow] }]));
  assert.deepEqual([elsewhere.severity.level, elsewhere.severity.source], ['low', 'nvd']);
});

test('complaint 16: what nobody rates is unknown, and an unknown word is no rating', () => {
  for (const more of [{}, { word: 'severe' }, { urgency: 'not yet assigned' }, { severities: ['CVSS:3.1/AV:N'] }]) {
    const { severity } = only(matchesOf('Go', [{ ...text.go, ...more }]));
    assert.deepEqual(severity, { level: 'unknown', source: null, score: null, vector: null });
  }
});

test('complaint 16: the rating of an erratum is not that of each of its CVEs', () => {
  const erratum = { id: 'DSA-5417-1', linked: ['CVE-2023-0464', 'CVE-2023-0465'], severities: [nvdHigh] };
  const levels = (records: Parameters<typeof matchesOf>[1]) =>
    matchesOf('Debian:12', records).map(({ severity }) => severity.level);
  assert.deepEqual(levels([erratum]), ['unknown', 'unknown'], 'its vector rates the worst of several');
  assert.deepEqual(levels([erratum, { id: 'CVE-2023-0464', severities: [nvdLow] }]), ['low', 'unknown']);
  assert.deepEqual(levels([{ ...erratum, linked: ['CVE-2023-0464'] }]), ['high']);
});

test('complaint 13: a module whose affected packages are not linked stays, with the least priority', () => {
  const imports = ['golang.org/x/text/language', 'golang.org/x/text/internal'];
  const record = { ...text.go, imports, severities: [nvdHigh] };
  const matched = (linked?: readonly string[], exploited = false) => {
    const store = storeOf('Go', [record], { exploited: () => exploited });
    const pkg = { ...packageOf('p', '4'), ...(linked && { linked: new Set(linked) }) };
    const { priority, priorityReason, reachability, state, fixedVersion } = only(
      matchPackages([pkg], undefined, [world('Go')], store).matches,
    );
    assert.deepEqual([state, fixedVersion], ['fixed', '5']);
    return { priority, priorityReason, reachability };
  };
  const notLinked = { state: 'no', reason: 'not-linked' };
  assert.deepEqual(matched(['main', 'golang.org/x/text/unicode/norm']), {
    ...{ priority: 'nntf', priorityReason: 'P3: the affected code is not linked into the binary' },
    reachability: notLinked,
  });
  const p2 = { priority: 'later', priorityReason: 'P2: severity high', reachability: undefined };
  assert.deepEqual(matched(['golang.org/x/text/language']), p2, 'one of them is enough');
  assert.deepEqual(matched(), p2, 'what was linked is not known');
  const exploited = { priority: 'asap', priorityReason: 'P0: known to be exploited (KEV)', reachability: notLinked };
  assert.deepEqual(matched([], true), exploited);
});

test('complaint 13: two binaries with the same module are told apart, and a record without imports means all of it', () => {
  const store = storeOf('Go', [{ ...text.go, imports: ['a/b'] }]);
  const packages = [new Set(['a/b']), new Set(['a/c'])].map((linked) => ({ ...packageOf('p', '4'), linked }));
  const { matches } = matchPackages(packages, undefined, [world('Go')], store);
  assert.deepEqual(
    matches.map(({ reachability }) => reachability?.state),
    [undefined, 'no'],
  );
  const whole = storeOf('Go', [text.go]);
  assert.equal(only(matchPackages(packages.slice(1), undefined, [world('Go')], whole).matches).reachability, undefined);
  // The Go database knows the packages; that GHSA does not is no contradiction.
  const both = storeOf('Go', [{ ...text.go, imports: ['a/b'] }, text.ghsa]);
  const match = only(matchPackages(packages.slice(1), undefined, [world('Go')], both).matches);
  assert.equal(match.reachability?.reason, 'not-linked');
});

test('complaint 11: a package is never compared with advisories of another world', () => {
  const worlds = ecosystems.filter(({ advisoryNames }) => advisoryNames !== undefined);
  const name = 'p';
  for (const world of worlds) {
    const own = new Set(world.advisoryNames);
    for (const type of world.types) {
      const pkg = { ...packageOf(name, '1'), type, name, purl: `pkg:${type}/${name}@1`, source: null };
      for (const os of [undefined, { id: 'debian', versionId: '12', codename: null, prettyName: null, path: '' }]) {
        for (const { ecosystem } of world.advisoryKeys(pkg, os)) {
          assert.ok(own.has(ecosystem.split(':', 1)[0] ?? ''), `${type} looks into ${ecosystem}`);
        }
      }
    }
  }
  // The same name and version under another type: nothing is found.
  const store = storeOf('npm', [{ id: 'GHSA-aaaa-bbbb-cccc', aliases: [] }]);
  const [npm, pypi] = ['npm', 'pypi'].map((type) => {
    const pkg = { ...packageOf(name, '1.0.0'), type, purl: `pkg:${type}/${name}@1.0.0`, source: null };
    return matchPackages([pkg], undefined, ecosystems, store).matches.length;
  });
  assert.deepEqual([npm, pypi], [1, 0]);
});
