import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../test/support/collect.ts';
import { hostileReport } from '../../test/support/hostile-report.ts';
import { type SchemaName, validator } from '../../test/support/json-schemas.ts';
import { openVexProblems } from '../../test/support/openvex-rules.ts';
import { emptyReport, sampleReport } from '../../test/support/sample-reports.ts';
import type { ScanReport } from '../findings/index.ts';
import { vulnerabilitiesIn } from '../findings/index.ts';
import type { ExportFormat, ExportOptions } from './contract.ts';
import { exportFormats } from './index.ts';

const reports: Readonly<Record<string, () => ScanReport>> = { emptyReport, sampleReport, hostileReport };

async function document(id: ExportFormat['id'], report: ScanReport, options: ExportOptions = {}) {
  const format = exportFormats.find((candidate) => candidate.id === id);
  assert.ok(format);
  return JSON.parse(await collect((out) => format.write(report, out, options)));
}

const validated: readonly (readonly [ExportFormat['id'], SchemaName])[] = [
  ['json', 'report'],
  ['cyclonedx', 'cyclonedx'],
  ['spdx', 'spdx'],
  ['sarif', 'sarif'],
];

for (const [name, report] of Object.entries(reports)) {
  for (const [id, schema] of validated) {
    test(`${id} of ${name} satisfies its official schema`, async () => {
      assert.deepEqual(validator(schema)(await document(id, report())), []);
    });
  }

  test(`openvex of ${name} follows the rules of its specification`, async () => {
    assert.deepEqual(openVexProblems(await document('openvex', report())), []);
  });

  test(`every format of ${name} gives the same bytes again and ends with a line feed`, async () => {
    for (const format of exportFormats) {
      const first = await collect((out) => format.write(report(), out, {}));
      assert.equal(await collect((out) => format.write(report(), out, {})), first, format.id);
      assert.ok(first.endsWith('\n'), format.id);
    }
  });
}

test('the json format is the report', async () => {
  assert.deepEqual(await document('json', sampleReport()), sampleReport());
});

test('filters shorten the list of findings and leave counts and packages alone', async () => {
  const report = sampleReport();
  const filtered = await document('json', report, { severity: ['critical', 'medium'], onlyFixable: true });
  assert.deepEqual(
    filtered.findings.map((finding: { id: string }) => finding.id),
    ['CVE-2024-0002'],
  );
  assert.deepEqual(filtered.counts, report.counts);
  assert.equal(filtered.packages.length, report.packages.length);
  const sarif = await document('sarif', report, { severity: ['critical'] });
  assert.equal(sarif.runs[0].results.length, 1);
});

test('cyclonedx: references are unique and every affected one exists', async () => {
  for (const report of Object.values(reports)) {
    const bom = await document('cyclonedx', report());
    const refs = bom.components.map((component: { 'bom-ref': string }) => component['bom-ref']);
    assert.equal(new Set(refs).size, refs.length);
    const affected = bom.vulnerabilities.flatMap((entry: { affects: { ref: string }[] }) => entry.affects);
    assert.deepEqual(
      affected.filter(({ ref }: { ref: string }) => !refs.includes(ref)),
      [],
    );
  }
});

test('cyclonedx: packages of one source share an entry, ratings keep source and method', async () => {
  const bom = await document('cyclonedx', sampleReport());
  const shared = bom.vulnerabilities.find((entry: { id: string }) => entry.id === 'CVE-2024-0001');
  assert.equal(shared.affects.length, 2);
  assert.equal(shared.recommendation, 'Upgrade openssl to 3.0.13-1~deb12u1 or later.');
  assert.deepEqual(shared.ratings[0].source, { name: 'nvd' });
  const methods = bom.vulnerabilities.map((entry: { ratings: { method?: string }[] }) => entry.ratings[0]?.method);
  assert.deepEqual(methods, ['CVSSv31', undefined, 'CVSSv4', 'CVSSv2', undefined, undefined]);
});

test('cyclonedx: the serial number follows from image and snapshot', async () => {
  const serial = async (report: ScanReport) => (await document('cyclonedx', report)).serialNumber;
  const report = sampleReport();
  const later = { ...report, scan: { ...report.scan, finishedAt: '2026-04-01T00:00:00Z' } };
  const newer = { ...report, advisories: { ...report.advisories, snapshot: 'beef' } };
  assert.equal(await serial(report), await serial(later));
  assert.notEqual(await serial(report), await serial(newer));
});

test('spdx: ids are unique and safe, the document describes the image, which contains the rest', async () => {
  for (const report of Object.values(reports)) {
    const spdx = await document('spdx', report());
    const ids: string[] = spdx.packages.map((pkg: { SPDXID: string }) => pkg.SPDXID);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id) => /^SPDXRef-[A-Za-z0-9.-]+$/.test(id)));
    const contained = spdx.relationships.filter(
      (entry: { relationshipType: string }) => entry.relationshipType === 'CONTAINS',
    );
    assert.equal(contained.length, ids.length - 1);
  }
});

test('sarif: one rule per vulnerability, severity as views expect it, nothing points at this machine', async () => {
  const [run] = (await document('sarif', sampleReport())).runs;
  assert.equal(run.tool.driver.rules.length, 6);
  assert.equal(run.results.length, 7);
  const rule = (id: string) => run.tool.driver.rules.find((entry: { id: string }) => entry.id === id);
  assert.equal(rule('CVE-2024-0001').properties['security-severity'], '7.5');
  // A vendor's medium is not overruled by a generic 9.8.
  assert.equal(rule('CVE-2023-45853').properties['security-severity'], '5.5');
  assert.equal(rule('TEMP-0290435-0B57B5').properties['security-severity'], undefined);
  const suppressed = run.results.filter((result: { suppressions?: unknown }) => result.suppressions !== undefined);
  assert.deepEqual(
    suppressed.map((result: { ruleId: string }) => result.ruleId),
    ['TEMP-0290435-0B57B5'],
  );
  const unimportant = run.results.find((result: { ruleId: string }) => result.ruleId === 'CVE-2005-2541');
  assert.deepEqual([unimportant.kind, unimportant.level], ['informational', 'none']);
});

test('sarif: a fingerprint survives an upgrade that did not help', async () => {
  const prints = async (report: ScanReport) =>
    (await document('sarif', report)).runs[0].results.map(
      (result: { partialFingerprints: object }) => result.partialFingerprints,
    );
  const report = sampleReport();
  const rename = (purl: string): string => purl.replace('3.0.11', '3.0.12');
  const upgraded = {
    ...report,
    packages: report.packages.map((pkg) => ({ ...pkg, purl: rename(pkg.purl), version: rename(pkg.version) })),
    findings: vulnerabilitiesIn(report).map((finding) => ({ ...finding, package: rename(finding.package) })),
  };
  assert.deepEqual(await prints(upgraded), await prints(report));
});

test('openvex: what affects the image, with the action to take', async () => {
  const vex = await document('openvex', sampleReport());
  const statement = (id: string) =>
    vex.statements.find((entry: { vulnerability: { name: string } }) => entry.vulnerability.name === id);
  assert.equal(statement('CVE-2024-0001').status, 'affected');
  assert.equal(statement('CVE-2024-0001').products[0].subcomponents.length, 2);
  assert.equal(statement('CVE-2005-2541').status, 'not_affected');
  assert.match(statement('TEMP-0290435-0B57B5').action_statement, /^Accepted by alice until 2026-06-01: not reachable/);
  assert.equal(
    statement('CVE-2024-0001').products[0]['@id'],
    `pkg:oci/app@sha256%3A${'1'.repeat(64)}?repository_url=registry.example%3A5000%2Fteam%2Fapp`,
  );
});
