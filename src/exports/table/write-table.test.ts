import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../../test/support/collect.ts';
import { emptyReport, sampleFinding, samplePackage, sampleReport } from '../../../test/support/sample-reports.ts';
import type { ScanReport } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { textWidth } from '../terminal/terminal-text.ts';
import { writeTable } from './write-table.ts';

const render = (report: ScanReport, options: ExportOptions = {}) => collect((out) => writeTable(report, out, options));

test('the verdict comes before the findings, the next step last', async () => {
  const text = await render(sampleReport());
  const order = ['5 findings: 4 vulnerabilities', 'Fixable', 'Without a fix', 'Not counted', 'advisories:', 'Next:'];
  const places = order.map((word) => text.indexOf(word));
  assert.ok(!places.includes(-1), text);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.match(text, /Next: drydock fix registry\.example:5000\/team\/app:v1 --all-fixable --tag-suffix -fixed\n$/);
});

test('a vulnerability stands once under its source package, most severe first', async () => {
  const text = await render(sampleReport());
  assert.equal(text.split('CVE-2024-0001').length - 1, 1);
  assert.ok(text.indexOf('CVE-2024-0002') < text.indexOf('CVE-2024-0001'));
  assert.match(text, /openssl 3\.0\.11-1~deb12u2 {2}libssl3, openssl\n/);
});

test('numbers by severity tell what can be fixed', async () => {
  const lines = (await render(sampleReport())).split('\n').map((line) => line.trim().split(/\s+/));
  assert.deepEqual(
    lines.find(([first]) => first === 'all'),
    ['all', '1', '2', '1', '1', '0', '5'],
  );
  assert.deepEqual(
    lines.find(([first]) => first === 'fixable'),
    ['fixable', '1', '2', '0', '0', '0', '3'],
  );
});

test('a clean image says so, an incomplete look does not', async () => {
  const clean = emptyReport();
  assert.match(await render(clean), /✔ No known vulnerability\n/);
  const partial = await render({ ...clean, scan: { ...clean.scan, state: 'partial' } });
  assert.match(partial, /PARTIAL/);
  assert.doesNotMatch(partial, /✔/);
  const unsupported = await render({ ...clean, scan: { ...clean.scan, state: 'unsupported' } });
  assert.match(unsupported, /NOT SUPPORTED: .* No finding does not mean no vulnerability/);
  assert.doesNotMatch(unsupported, /✔/);
});

test('an end-of-life release gets a banner', async () => {
  const report = emptyReport();
  const os = { id: 'debian', versionId: '10', prettyName: 'Debian 10', endOfLife: '2024-06-30' };
  assert.match(await render({ ...report, image: { ...report.image, os } }), /END OF LIFE since 2024-06-30/);
});

test('the age of the advisories is told against the end of the scan or a given moment', async () => {
  assert.match(await render(sampleReport()), /advisories: bundled, 33 days old · refresh/);
  const now = new Date('2026-01-27T12:30:00Z');
  assert.match(await render(sampleReport(), { now }), /advisories: bundled, 2 hours old\n/);
  const broken = sampleReport();
  const undated = { ...broken, advisories: { ...broken.advisories, createdAt: 'never' } };
  assert.match(await render(undated), /of unknown age · refresh/);
});

test('bundled facts with a few new records are not called new', async () => {
  const report = sampleReport();
  const now = new Date('2026-01-27T12:30:00Z');
  const sources = [
    { id: 'osv/Debian', records: 9, modified: report.advisories.createdAt, bulk: '2024-04-01T00:00:00Z' },
  ];
  const text = await render({ ...report, advisories: { ...report.advisories, sources } }, { now });
  assert.match(text, /advisories: bundled; newest record 2 hours old, most records 21 months old · refresh/);
});

test('a filter is said', async () => {
  const text = await render(sampleReport(), { severity: ['low'], onlyFixable: false });
  assert.match(text, /Listed below: 1 of 7 findings \(low\)/);
  assert.doesNotMatch(text, /CVE-2024-0001/);
});

test('without colour there is no escape, with colour the text is the same', async () => {
  const plain = await render(sampleReport());
  const colored = await render(sampleReport(), { color: true });
  assert.equal(plain.includes('\u001b'), false);
  assert.notEqual(colored, plain);
  assert.equal(colored.replace(/\u001b\[[0-9;]*m/g, ''), plain);
});

test('lines of findings keep to the width of the terminal', async () => {
  const long = samplePackage('a'.repeat(300), '1'.repeat(300));
  const report = {
    ...sampleReport(),
    packages: [long],
    findings: [sampleFinding('CVE-1', long, { title: 't'.repeat(900) })],
  };
  for (const width of [80, 120, 200]) {
    const lines = (await render(report, { width })).split('\n').filter((line) => /aaa|CVE-1/.test(line));
    assert.ok(lines.length > 0);
    assert.deepEqual(
      lines.filter((line) => textWidth(line) > width),
      [],
    );
  }
});

test('the hint fits the kind of reference', async () => {
  const report = sampleReport();
  const hint = async (reference: string): Promise<string> =>
    /Next: (.*)\n/.exec(await render({ ...report, image: { ...report.image, reference } }))?.[1] ?? '';
  assert.equal(
    await hint('archive:my image.tar'),
    "drydock fix 'archive:my image.tar' --all-fixable --tag fixed --output oci:fixed",
  );
  assert.equal(await hint('oci:dir:v1'), 'drydock fix oci:dir:v1 --all-fixable --tag-suffix -fixed');
  assert.match(await hint('app@sha256:abc'), /--tag fixed$/);
});
