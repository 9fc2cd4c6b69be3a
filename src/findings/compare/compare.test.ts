import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { validator } from '../../../test/support/json-schemas.ts';
import {
  emptyReport,
  sampleFinding,
  sampleMalicious,
  samplePackage,
  sampleReport,
} from '../../../test/support/sample-reports.ts';
import { countFindings } from '../counts.ts';
import type { Finding, ReportPackage, ScanReport } from '../report.ts';
import { createBaseline } from './baseline.ts';
import { compareReports } from './compare-reports.ts';

function report(packages: readonly ReportPackage[], findings: readonly Finding[]): ScanReport {
  return { ...emptyReport(), packages, findings, counts: countFindings(findings) };
}

const pkg = (name: string, version: string, more: Partial<ReportPackage> = {}): ReportPackage =>
  samplePackage(name, version, more);
const ids = (list: readonly { id: string; why?: string }[]): string[] =>
  list.map(({ id, why }) => (why === undefined ? id : `${id} ${why}`));

test('a report compared with itself differs in nothing', () => {
  const comparison = compareReports(sampleReport(), sampleReport(), '1');
  assert.deepEqual(comparison.packages, { added: [], removed: [], changed: [], unchanged: 4 });
  assert.deepEqual([comparison.findings.introduced, comparison.findings.fixed], [[], []]);
  // Two binary packages are two names; what is ignored or unimportant does not count.
  assert.equal(comparison.counts.unchanged.total, 5);
  assert.deepEqual(validator('diff')(comparison), []);
});

test('packages and findings that came, went and stayed, each with its reason', () => {
  const [old, now] = [pkg('app', '1'), pkg('app', '2')];
  const [gone, fresh, same] = [pkg('gone', '1'), pkg('fresh', '1'), pkg('same', '1')];
  const before = report(
    [old, gone, same],
    [
      sampleFinding('CVE-1', old),
      sampleFinding('CVE-2', old),
      sampleFinding('CVE-3', gone),
      sampleFinding('CVE-4', same),
    ],
  );
  const after = report(
    [now, fresh, same],
    [
      sampleFinding('CVE-2', now),
      sampleFinding('CVE-5', now, { severity: { level: 'critical', source: null, score: null, vector: null } }),
      sampleFinding('CVE-6', fresh),
      sampleFinding('CVE-7', same),
    ],
  );
  const comparison = compareReports(before, after, '1');
  assert.deepEqual(ids(comparison.findings.introduced), [
    'CVE-5 package_changed',
    'CVE-6 package_added',
    'CVE-7 same_package',
  ]);
  assert.deepEqual(ids(comparison.findings.fixed), [
    'CVE-1 package_changed',
    'CVE-3 package_removed',
    'CVE-4 same_package',
  ]);
  assert.deepEqual(ids(comparison.findings.unchanged), ['CVE-2']);
  const kept = comparison.findings.unchanged[0];
  assert.deepEqual([kept?.before, kept?.after], [['1'], ['2']]);
  assert.deepEqual(comparison.packages.changed, [{ type: 'deb', name: 'app', before: ['1'], after: ['2'] }]);
  assert.deepEqual(
    comparison.packages.added.map(({ name }) => name),
    ['fresh'],
  );
  assert.deepEqual(
    comparison.packages.removed.map(({ name }) => name),
    ['gone'],
  );
  assert.equal(comparison.counts.introduced.critical, 1);
  assert.deepEqual(validator('diff')(comparison), []);
});

test('an id that became an alias is the same finding; two ids that share an alias are two', () => {
  const app = pkg('app', '1');
  const one = (id: string, aliases: string[]) => report([app], [sampleFinding(id, app, { aliases })]);
  const renamed = compareReports(one('GHSA-1', []), one('CVE-1', ['GHSA-1']), '1');
  assert.deepEqual([renamed.counts.introduced.total, renamed.counts.unchanged.total], [0, 1]);
  const shared = compareReports(one('CVE-1', ['GHSA-1']), one('CVE-2', ['GHSA-1']), '1');
  assert.deepEqual([shared.counts.introduced.total, shared.counts.fixed.total], [1, 1]);
});

test('what is ignored since is neither fixed nor unchanged; what counts again is not introduced', () => {
  const app = pkg('app', '1');
  const ignored = { reason: 'r', by: 'b', until: null };
  const open = report([app], [sampleFinding('CVE-1', app)]);
  const closed = report([app], [sampleFinding('CVE-1', app, { ignored })]);
  const { counts } = compareReports(open, closed, '1');
  assert.deepEqual([counts.fixed.total, counts.dismissed.total, counts.unchanged.total], [0, 1, 0]);
  const again = compareReports(closed, open, '1').counts;
  assert.deepEqual([again.introduced.total, again.unchanged.total], [0, 1]);
});

test('malicious packages are introduced like vulnerabilities', () => {
  const bad = pkg('bad', '1.2.3', { type: 'npm', purl: 'pkg:npm/bad@1.2.3' });
  const { findings } = compareReports(report([], []), report([bad], [sampleMalicious('MAL-1', bad)]), '1');
  assert.deepEqual(
    findings.introduced.map(({ kind, id, severity, after, why }) => [kind, id, severity, after, why]),
    [['malicious', 'MAL-1', 'critical', ['1.2.3'], 'package_added']],
  );
});

test('packages that are only declared, removed or part of others are not compared', () => {
  const rest = [
    pkg('a', '1', { scope: 'declared' }),
    pkg('b', '1', { scope: 'removed' }),
    pkg('c', '1', { ownedBy: 'x' }),
  ];
  assert.equal(compareReports(report([], []), report(rest, []), '1').packages.added.length, 0);
});

test('comparing the other way round exchanges introduced and fixed', () => {
  const names = fc.constantFrom('a', 'b', 'c');
  const versions = fc.constantFrom('1', '2');
  const side = fc.uniqueArray(
    fc.record({ id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'), name: names, version: versions }),
    {
      selector: (entry) => JSON.stringify(entry),
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(side, side, (left, right) => {
      const [a, b] = [left, right].map((entries) => {
        const packages = entries.map(({ name, version }) => pkg(name, version));
        return report(
          packages,
          entries.map(({ id }, at) => sampleFinding(id, packages[at] as ReportPackage, { aliases: [] })),
        );
      }) as [ScanReport, ScanReport];
      const [there, back] = [compareReports(a, b, '1'), compareReports(b, a, '1')];
      assert.deepEqual(there.counts.introduced, back.counts.fixed);
      assert.deepEqual(there.counts.fixed, back.counts.introduced);
      const count = (entries: typeof left) => new Set(entries.map(({ id, name }) => `${id} ${name}`)).size;
      assert.equal(there.counts.introduced.total + there.counts.unchanged.total, count(right));
      assert.equal(there.counts.fixed.total + back.counts.unchanged.total, count(left));
    }),
    { numRuns: 100 },
  );
});

test('a baseline marks what it had, whatever the version and whether or not it counted there', () => {
  const [old, now, other] = [pkg('app', '1'), pkg('app', '2'), pkg('other', '1')];
  const ignored = { reason: 'r', by: 'b', until: null };
  const earlier = report(
    [old],
    [sampleFinding('CVE-1', old, { ignored }), sampleFinding('GHSA-2', old, { aliases: [] })],
  );
  const marked = createBaseline(earlier).apply(
    report(
      [now, other],
      [
        sampleFinding('CVE-1', now),
        sampleFinding('CVE-2', now, { aliases: ['GHSA-2'] }),
        sampleFinding('CVE-3', now),
        sampleFinding('CVE-1', other),
      ],
    ),
  );
  assert.deepEqual(
    marked.findings.map(({ known }) => known),
    [true, true, undefined, undefined],
  );
  assert.deepEqual([marked.baseline?.known, marked.baseline?.new], [2, 2]);
  assert.deepEqual(validator('report')(marked), []);
  const again = createBaseline(report([], [])).apply(marked);
  assert.deepEqual([again.baseline?.known, again.findings.some(({ known }) => known)], [0, false]);
});
