import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../test/arch/source-tree.ts';
import { collect } from '../../test/support/collect.ts';
import { csvRows } from '../../test/support/csv-table.ts';
import { pageProblems } from '../../test/support/html-page.ts';
import { validator } from '../../test/support/json-schemas.ts';
import { junitProblems } from '../../test/support/junit-rules.ts';
import { openVexProblems } from '../../test/support/openvex-rules.ts';
import {
  emptyReport,
  sampleFinding,
  sampleMalicious,
  samplePackage,
  sampleReport,
} from '../../test/support/sample-reports.ts';
import { countFindings, createBaseline, type Ignored, type ScanReport, vexJustifications } from '../findings/index.ts';
import type { ExportFormat, ExportOptions } from './contract.ts';
import { csvColumns } from './csv/columns.ts';
import { exportFormats } from './index.ts';

const write = (id: ExportFormat['id'], report: ScanReport, options: ExportOptions = {}): Promise<string> => {
  const format = exportFormats.find((candidate) => candidate.id === id);
  assert.ok(format);
  return collect((out) => format.write(report, out, options));
};

const layer = `sha256:${'d'.repeat(64)}`;
const places = [{ path: 'app/node_modules/x/package.json', layer }];
const npm = (name: string, more: Parameters<typeof samplePackage>[2] = {}) =>
  samplePackage(name, '1.0.0', {
    type: 'npm',
    purl: `pkg:npm/${name}@1.0.0`,
    source: null,
    locations: places,
    ...more,
  });

/** The sample with an application layer: a vulnerable, a malicious, a guessed, an owned and a removed package. */
function mixedReport(ignored: Ignored | null = null): ScanReport {
  const base = sampleReport();
  const [leftPad, evil] = [npm('left-pad'), npm('evil', { scope: 'dev' })];
  const findings = [
    ...base.findings,
    sampleFinding('CVE-2025-1', leftPad, {
      kind: 'sca',
      path: places[0]?.path ?? '',
      layer,
      ignored,
      fixedVersion: '1.0.1',
    }),
    sampleMalicious('MAL-2025-1', evil),
  ];
  const rest = [
    npm('maybe', { guessed: true, confidence: 'low' }),
    npm('part', { ownedBy: 'pkg:deb/debian/node-part@1' }),
    npm('gone', { scope: 'removed' }),
  ];
  const added = { digest: layer, diffId: layer, size: 1000, createdBy: 'RUN npm ci', base: false };
  const layers = [...base.image.layers.map((entry) => ({ ...entry, base: true })), added];
  return {
    ...base,
    image: { ...base.image, layers },
    packages: [...base.packages, leftPad, evil, ...rest],
    findings,
    counts: countFindings(findings),
  };
}

const vex = (status: 'not_affected' | 'fixed' | 'under_investigation', justification: string | null): Ignored => ({
  reason: 'we looked',
  by: 'security team',
  until: null,
  vex: { status, justification, document: 'https://example.com/vex/1' },
});

test('a mixed report is valid in every format that has a schema or rules', async () => {
  for (const report of [mixedReport(), mixedReport(vex('not_affected', 'component_not_present'))]) {
    for (const schema of ['report', 'cyclonedx', 'spdx', 'sarif'] as const) {
      const id = schema === 'report' ? 'json' : schema;
      assert.deepEqual(validator(schema)(JSON.parse(await write(id, report))), [], id);
    }
    assert.deepEqual(openVexProblems(JSON.parse(await write('openvex', report))), []);
    assert.deepEqual(junitProblems(await write('junit', report)), []);
    assert.deepEqual(pageProblems(await write('html', report)), []);
  }
});

test('csv: the documented columns, one row a finding, a header without any', async () => {
  const page = readFileSync(join(root, 'docs/api/scan-csv.md'), 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(
    csvColumns.map(({ name }) => name),
    documented,
  );
  const text = await write('csv', mixedReport());
  assert.ok(text.startsWith('\ufeffkind,id,'));
  const [head = [], ...rows] = csvRows(text);
  const cell = (id: string, column: string) => rows.find((row) => row[1] === id)?.[head.indexOf(column)];
  assert.equal(rows.length, mixedReport().findings.length);
  assert.deepEqual(
    ['severity', 'packageName', 'layerNumber', 'baseLayer', 'instruction', 'status'].map((name) =>
      cell('CVE-2025-1', name),
    ),
    ['high', 'left-pad', '2', 'false', 'RUN npm ci', 'counted'],
  );
  assert.deepEqual(
    ['kind', 'severity', 'scope'].map((name) => cell('MAL-2025-1', name)),
    ['malicious', 'critical', 'dev'],
  );
  assert.equal(cell('TEMP-0290435-0B57B5', 'status'), 'ignored');
  assert.equal(csvRows(await write('csv', emptyReport())).length, 1);
});

test('junit: a suite per type, a failure per counted finding, the rest skipped', async () => {
  const xml = await write('junit', mixedReport());
  const suites = [
    ...xml.matchAll(/ name="(\w+)" timestamp=.* tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/g),
  ];
  assert.deepEqual(
    suites.map(([, ...values]) => values.join()),
    ['scan,1,0,0,0', 'deb,7,5,0,2', 'npm,2,2,0,0'],
  );
  const partial = { ...emptyReport(), scan: { ...emptyReport().scan, state: 'partial' as const } };
  assert.match(await write('junit', partial), /<error type="partial"/);
});

test('github: ten errors and ten warnings at most, worst first, the rest in numbers', async () => {
  const lines = (await write('github', mixedReport())).trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^::error title=MAL-2025-1 \(malicious\) in evil::/);
  assert.match(
    lines[1] ?? '',
    /^::error title=CVE-2024-0002 \(critical\) in openssl::Denial of service.*%0AUpgrade openssl to/,
  );
  assert.match(
    lines.at(-1) ?? '',
    /^::notice title=Drydock%3A registry\.example%3A5000\/team\/app%3Av1::6 findings: .*1 malicious/,
  );
  const pkg = samplePackage('a', '1');
  const many = Array.from({ length: 50 }, (_, at) => sampleFinding(`CVE-2025-${at}`, pkg));
  const report = { ...sampleReport(), packages: [pkg], findings: many, counts: countFindings(many) };
  const short = (await write('github', report)).trimEnd().split('\n');
  assert.equal(short.length, 11);
  assert.match(short.at(-1) ?? '', /40 not shown one by one/);
});

test('html: everything is there to read without the script', async () => {
  const page = await write('html', mixedReport());
  for (const text of [
    'CVE-2024-0002',
    'MAL-2025-1',
    'RUN npm ci',
    'base image',
    'known exploited',
    'not reachable',
    'node-part',
  ]) {
    assert.ok(page.includes(text), text);
  }
  assert.match(
    page,
    /aria-label="Vulnerabilities by severity: 1 critical, 1 of them fixable; 3 high, 3 of them fixable;/,
  );
  assert.match(await write('html', emptyReport()), /No known vulnerability/);
  assert.doesNotMatch(
    await write('html', { ...emptyReport(), scan: { ...emptyReport().scan, state: 'partial' } }),
    /class="clean">/,
  );
});

test('cyclonedx: scopes, base layers and what VEX documents say', async () => {
  const states = [
    [vex('not_affected', 'vulnerable_code_not_in_execute_path'), 'not_affected', 'code_not_reachable'],
    [vex('not_affected', 'something else'), 'not_affected', undefined],
    [vex('fixed', null), 'resolved', undefined],
    [vex('under_investigation', null), 'in_triage', undefined],
  ] as const;
  for (const [ignored, state, justification] of states) {
    const bom = JSON.parse(await write('cyclonedx', mixedReport(ignored)));
    const entry = bom.vulnerabilities.find(({ id }: { id: string }) => id === 'CVE-2025-1');
    assert.deepEqual([entry.analysis.state, entry.analysis.justification], [state, justification]);
    assert.match(entry.analysis.detail, /we looked.* says security team in https:\/\/example\.com\/vex\/1/);
  }
  const bom = JSON.parse(await write('cyclonedx', mixedReport()));
  const component = (name: string) => bom.components.find((entry: { name: string }) => entry.name === name);
  const property = (name: string, key: string) =>
    component(name).properties.find((entry: { name: string }) => entry.name === key)?.value;
  assert.deepEqual([component('gone').scope, property('gone', 'drydock:scope')], ['excluded', 'removed']);
  assert.deepEqual([property('maybe', 'drydock:guessed'), property('maybe', 'drydock:confidence')], ['true', 'low']);
  assert.deepEqual(
    [property('left-pad', 'drydock:layer:base'), property('openssl', 'drydock:layer:base')],
    ['false', 'true'],
  );
  const malicious = bom.vulnerabilities.find(({ id }: { id: string }) => id === 'MAL-2025-1');
  assert.deepEqual([malicious.cwes, malicious.affects], [[506], [{ ref: 'pkg:npm/evil@1.0.0' }]]);
});

test('openvex: passes on what documents say, with every justification there is', async () => {
  const statement = async (ignored: Ignored) => {
    const document = JSON.parse(await write('openvex', mixedReport(ignored)));
    assert.deepEqual(openVexProblems(document), []);
    return document.statements.find(
      (entry: { vulnerability: { name: string } }) => entry.vulnerability.name === 'CVE-2025-1',
    );
  };
  for (const justification of vexJustifications) {
    assert.equal((await statement(vex('not_affected', justification))).justification, justification);
  }
  assert.match((await statement(vex('not_affected', null))).impact_statement, /we looked/);
  assert.equal((await statement(vex('under_investigation', null))).status, 'under_investigation');
  assert.equal((await statement(vex('fixed', null))).status, 'fixed');
});

test('sarif: malicious packages, the layer of each result, the state against a baseline', async () => {
  const report = createBaseline(sampleReport()).apply(mixedReport());
  const [run] = JSON.parse(await write('sarif', report)).runs;
  const result = (id: string) => run.results.find((entry: { ruleId: string }) => entry.ruleId === id);
  assert.equal(result('MAL-2025-1').level, 'error');
  assert.deepEqual(
    [result('CVE-2025-1').properties.baseLayer, result('CVE-2025-1').properties.instruction],
    [false, 'RUN npm ci'],
  );
  assert.deepEqual([result('CVE-2025-1').baselineState, result('CVE-2024-0002').baselineState], ['new', 'unchanged']);
  const rule = run.tool.driver.rules[result('MAL-2025-1').ruleIndex];
  assert.deepEqual([rule.id, rule.properties['security-severity']], ['MAL-2025-1', '9.5']);
});

test('spdx: what it has no field for stands in a comment', async () => {
  const { packages } = JSON.parse(await write('spdx', mixedReport()));
  const comment = (name: string) => packages.find((entry: { name: string }) => entry.name === name).comment;
  assert.equal(comment('maybe'), 'drydock:confidence=low; drydock:guessed=true');
  assert.equal(comment('gone'), 'drydock:scope=removed');
  assert.equal(comment('openssl'), undefined);
});

test('table: malicious first, worlds apart, what is left out in one line, reasons of what is ignored', async () => {
  const text = await write('table', mixedReport());
  const order = [
    'of these packages 1 is part of operating-system packages and judged with them, 1 is for development only, 1 is in deleted',
    'MALICIOUS: 1 finding',
    'OPERATING-SYSTEM PACKAGES: 5 findings',
    'APPLICATION PACKAGES: 1 finding',
    'Not counted: 1 finding rated unimportant',
    'not reachable (alice until 2026-06-01): TEMP-0290435-0B57B5',
  ];
  const at = order.map((words) => text.indexOf(words));
  assert.ok(!at.includes(-1), text);
  assert.deepEqual(
    at,
    at.toSorted((a, b) => a - b),
  );
  assert.match(
    await write('table', mixedReport(vex('not_affected', 'component_not_present'))),
    /we looked \(VEX not_affected, component_not_present\)/,
  );
  assert.doesNotMatch(await write('table', sampleReport()), /OPERATING-SYSTEM PACKAGES/);
});

test('the guide names every format and how several images share it', () => {
  const page = readFileSync(join(root, 'docs/howto/choose-an-output-format.md'), 'utf8');
  const words = { lines: /one document per line/, append: /one after the other|rows of all/, never: /one image/ };
  for (const { id, several } of exportFormats) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` |`)) ?? '';
    assert.match(row, words[several], id);
  }
});
