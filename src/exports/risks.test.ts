import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../test/support/collect.ts';
import { csvRows } from '../../test/support/csv-table.ts';
import { pageProblems } from '../../test/support/html-page.ts';
import { validator } from '../../test/support/json-schemas.ts';
import { junitProblems } from '../../test/support/junit-rules.ts';
import { openVexProblems } from '../../test/support/openvex-rules.ts';
import {
  emptyReport,
  sampleCheck,
  sampleMaliciousFile,
  sampleReport,
  sampleSecret,
} from '../../test/support/sample-reports.ts';
import { countFindings, type Finding, readSavedReport, type ScanReport } from '../findings/index.ts';
import type { ExportFormat } from './contract.ts';
import { exportFormats } from './index.ts';

const write = (id: ExportFormat['id'], report: ScanReport, options = {}): Promise<string> => {
  const format = exportFormats.find((candidate) => candidate.id === id);
  assert.ok(format);
  return collect((out) => format.write(report, out, options));
};

const hostile = '"><script>alert(1)</script>\u202e::error::\r\n=cmd()';

/** One of each kind that counts, and one of each kind that does not. */
const risks: readonly Finding[] = [
  sampleCheck('ID-001'),
  sampleCheck('FS-003', { level: 'medium', title: hostile, total: 300 }),
  sampleCheck('IC-001', { axis: 'instruction', level: 'medium', evidence: [], total: 0 }),
  sampleCheck('IC-008', { axis: 'instruction', inBase: true }),
  sampleMaliciousFile('Webshell_Own', 'var/www/x.php'),
  sampleMaliciousFile('too_deep', 'opt/a.zip', { id: 'MW-16', level: 'remind', uncounted: 'coverage' }),
  sampleMaliciousFile('fresh_feed', 'opt/b', { level: 'suspicious', uncounted: 'observed' }),
  sampleSecret('aws_access_key', `root/${hostile}`, { present: false, total: 2 }),
  sampleSecret('netrc_cfg', 'root/.netrc', { level: 'low', ignored: { reason: 'a sample', by: 'ann', until: null } }),
];

function reportWith(findings: readonly Finding[]): ScanReport {
  const base = sampleReport();
  const all = [...base.findings, ...findings];
  const scanners = ['vuln', 'baseline', 'malware', 'secret'] as const;
  const checks = {
    passed: ['ID-002'],
    notApplicable: [{ id: 'SV-001', why: 'no redis' }],
    unknown: [{ id: 'IC-006', code: 'not_asked', why: 'nobody asked' }],
    disabled: ['IC-007'],
  };
  return { ...base, scan: { ...base.scan, scanners }, findings: all, counts: countFindings(all), checks };
}

test('counts: instructions of the base, coverage and feeds that are watched do not count', () => {
  const { baseline, instruction, malicious, sensitive } = countFindings(risks);
  assert.deepEqual(baseline, { high: 1, medium: 1, low: 0, total: 2 });
  assert.deepEqual(instruction, { high: 0, medium: 1, low: 0, total: 1 });
  assert.deepEqual(malicious, { serious: 1, suspicious: 0, remind: 0, total: 1 });
  assert.deepEqual(sensitive, { high: 1, medium: 0, low: 0, total: 1 });
});

test('every format with a schema or rules stays valid with risks of all kinds and hostile texts', async () => {
  const report = reportWith(risks);
  for (const schema of ['report', 'cyclonedx', 'spdx', 'sarif'] as const) {
    const id = schema === 'report' ? 'json' : schema;
    assert.deepEqual(validator(schema)(JSON.parse(await write(id, report))), [], id);
  }
  assert.deepEqual(openVexProblems(JSON.parse(await write('openvex', report))), []);
  assert.deepEqual(junitProblems(await write('junit', report)), []);
  assert.deepEqual(pageProblems(await write('html', report)), []);
  assert.doesNotMatch(await write('github', report), /^::error::$/m);
});

test('a saved report reads back the same, and one from before there were detectors is read', async () => {
  const report = reportWith(risks);
  const bytes = Buffer.from(await write('json', report));
  assert.deepEqual(await readSavedReport(bytes, 'r.json'), JSON.parse(bytes.toString()));
  const old = JSON.parse(await write('json', emptyReport()));
  delete old.scan.scanners;
  delete old.counts.instruction;
  delete old.checks.unknown;
  delete old.checks.disabled;
  const read = await readSavedReport(Buffer.from(JSON.stringify(old)), 'old.json');
  assert.deepEqual([read.scan.scanners, read.counts.instruction.total], [['vuln'], 0]);
});

test('csv: kind, level, place and masked excerpt of each', async () => {
  const [head = [], ...rows] = csvRows(await write('csv', reportWith(risks)));
  const cells = (id: string, ...columns: readonly string[]) =>
    columns.map((column) => rows.find((row) => row[1] === id)?.[head.indexOf(column)]);
  assert.deepEqual(cells('ID-001', 'kind', 'severity', 'status', 'path', 'line', 'excerpt', 'rule'), [
    ...['baseline', 'high', 'counted', 'etc/shadow', '3', 'root::…', 'item_ID-001'],
  ]);
  assert.deepEqual(cells('IC-008', 'status'), ['listed']);
  assert.deepEqual(cells('fresh_feed', 'kind', 'severity', 'status'), ['malicious', 'high', 'listed']);
  assert.deepEqual(cells('aws_access_key', 'severity', 'line', 'present', 'evidence', 'advice'), [
    ...['high', '7', 'false', '2', 'Revoke it.'],
  ]);
});

test('sarif: lines of evidence, informational results for what does not count', async () => {
  const [run] = JSON.parse(await write('sarif', reportWith(risks))).runs;
  const result = (id: string) => run.results.find((entry: { ruleId: string }) => entry.ruleId === id);
  assert.equal(result('ID-001').locations[0].physicalLocation.region.startLine, 3);
  assert.equal(result('aws_access_key').level, 'error');
  assert.deepEqual([result('too_deep').kind, result('too_deep').level], ['informational', 'none']);
  assert.equal(result('netrc_cfg').suppressions[0].justification, 'a sample (ann)');
  for (const { ruleId, ruleIndex } of run.results) assert.equal(run.tool.driver.rules[ruleIndex].id, ruleId);
});

test('junit and github: a suite per kind, errors for what is high', async () => {
  const xml = await write('junit', reportWith(risks));
  const suites = [...xml.matchAll(/ name="(\w+)" timestamp=.* tests="(\d+)" failures="(\d+)" .* skipped="(\d+)"/g)];
  assert.deepEqual(
    suites.map(([, ...values]) => values.join()),
    ['scan,1,0,0', 'baseline,2,2,0', 'build,2,1,1', 'deb,7,5,2', 'files,3,1,2', 'secret,2,1,1'],
  );
  const lines = (await write('github', reportWith(risks))).split('\n');
  assert.match(lines[0] ?? '', /^::error title=Webshell_Own \(malicious\) in var\/www\/x\.php::/);
  assert.match(lines[1] ?? '', /^::error title=aws_access_key \(secret%2C high\)/);
  assert.match(lines.at(-2) ?? '', /1 malicious; 1 secret; 2 failed checks/);
});

test('cyclonedx: weaknesses of the image, with their place', async () => {
  const { vulnerabilities } = JSON.parse(await write('cyclonedx', reportWith(risks)));
  const entry = vulnerabilities.find(({ id }: { id: string }) => id === 'ID-001');
  assert.deepEqual([entry.cwes, entry.ratings[0].severity, entry.recommendation], [[16], 'high', 'Lock the account.']);
  assert.equal(vulnerabilities.find(({ id }: { id: string }) => id === 'aws_access_key').cwes[0], 798);
});

test('table: what counts in sections of its own, the rest in numbers', async () => {
  const text = await write('table', reportWith(risks), { width: 120 });
  for (const line of [
    'MALICIOUS: 1 finding',
    'SECRETS: 1 finding',
    'BASELINE: 2 failed checks',
    'BUILD: 1 failed check',
  ]) {
    assert.ok(text.includes(line), line);
  }
  assert.match(text, /etc\/shadow:3 {2}root::…/);
  assert.match(text, /deleted by a later layer and still in the image, 2 values/);
  assert.match(text, /checks: 3 failed, 1 passed, 1 not applicable, 1 could not be decided, 1 not asked by the policy/);
  assert.match(text, /Not counted: .*1 finding about instructions of the base image/);
  const only = { ...emptyReport(), scan: { ...emptyReport().scan, scanners: ['secret' as const] } };
  const clean = await write('table', only);
  assert.match(clean, /✔ No secret\n/);
  assert.match(clean, /not looked for: vulnerabilities, the baseline, malicious files/);
  assert.doesNotMatch(clean, /No known vulnerability/);
  const partial = await write('table', { ...only, scan: { ...only.scan, state: 'partial' } });
  assert.match(partial, /^No secret in what could be looked at$/m);
});
