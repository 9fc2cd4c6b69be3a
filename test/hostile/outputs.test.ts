import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExportFormat, exportFormats, writeFixReport } from '../../src/exports/index.ts';
import type { ScanReport } from '../../src/findings/index.ts';
import { collect } from '../support/collect.ts';
import { csvRows } from '../support/csv-table.ts';
import { hostileReport, hostileTexts } from '../support/hostile-report.ts';
import { hiddenCharacters, pageProblems } from '../support/html-page.ts';
import { type SchemaName, validator } from '../support/json-schemas.ts';
import { junitProblems } from '../support/junit-rules.ts';
import { openVexProblems } from '../support/openvex-rules.ts';
import { sampleFixReport } from '../support/sample-fix-report.ts';
import { sampleFinding, sampleMalicious, samplePackage, sampleReport } from '../support/sample-reports.ts';

interface Row {
  readonly group: 16 | 19;
  readonly name: string;
  readonly report: () => ScanReport;
}

/** A report whose only package and finding carry one text wherever a text may stand. */
function reportWith(text: string): ScanReport {
  const pkg = samplePackage(text, text, { locations: [{ path: text, layer: text }] });
  const finding = sampleFinding(text, pkg, {
    title: text,
    path: text,
    layer: text,
    fixedVersion: text,
    aliases: [text],
  });
  const malicious = sampleMalicious(text, pkg, { title: text, path: text, layer: text, engine: text });
  const diagnostics = [{ code: 'package_invalid_metadata', path: text, message: text, partial: true }];
  const base = sampleReport();
  const scan = { ...base.scan, state: 'partial' as const };
  return { ...base, scan, packages: [pkg], findings: [finding, malicious], diagnostics };
}

const rows: readonly Row[] = [
  ...hostileTexts.map(
    (text): Row => ({
      group: /^file:|^x{100}/.test(text) ? 19 : 16,
      name: JSON.stringify(text.slice(0, 40)),
      report: () => reportWith(text),
    }),
  ),
  { group: 16, name: 'all texts in one report', report: hostileReport },
  {
    group: 19,
    name: 'an id of one megabyte',
    report: () => reportWith(`CVE-${'9'.repeat(1_000_000)}`),
  },
];

const schemas: Partial<Record<ExportFormat['id'], SchemaName>> = {
  json: 'report',
  cyclonedx: 'cyclonedx',
  spdx: 'spdx',
  sarif: 'sarif',
};

/** Formats that are no JSON: what must hold of each whatever the texts are. */
const texts: Partial<Record<ExportFormat['id'], (text: string) => void>> = {
  table: (text) => {
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    assert.ok(text.length < 100_000, 'a long text does not flood the terminal');
  },
  html: (text) => {
    assert.deepEqual([pageProblems(text), hiddenCharacters(text)], [[], []]);
    assert.ok(text.length < 400_000, 'a long text does not flood the page');
  },
  csv: (text) => {
    const [head = [], ...rows] = csvRows(text);
    assert.ok(rows.length > 0);
    for (const cells of rows) {
      assert.equal(cells.length, head.length);
      for (const cell of cells) {
        assert.doesNotMatch(cell, /^[=+\-@|\t\r\uff1d]/, 'no cell is a formula');
        assert.ok(cell.length <= 32_767);
        assert.deepEqual(hiddenCharacters(cell), []);
      }
    }
  },
  junit: (text) => assert.deepEqual([junitProblems(text), hiddenCharacters(text)], [[], []]),
  github: (text) => {
    const lines = text.trimEnd().split('\n');
    assert.ok(lines.length <= 21);
    for (const line of lines) {
      assert.match(line, /^::(?:error|warning|notice) title=[^:,]*::[^\r]*$/);
      // Only the commands themselves have unescaped percent signs' meaning: %25, %0A …
      assert.doesNotMatch(line, /%(?!25|0A|0D|3A|2C)/);
    }
    assert.deepEqual(hiddenCharacters(text), []);
  },
};

for (const { group, name, report } of rows) {
  test(`group ${group}: ${name}: documents stay valid, the terminal stays safe`, async () => {
    for (const format of exportFormats) {
      const text = await collect((out) => format.write(report(), out, { width: 100, color: false }));
      const check = texts[format.id];
      if (check !== undefined) {
        check(text);
        continue;
      }
      const document = JSON.parse(text);
      const schema = schemas[format.id];
      assert.deepEqual(schema === undefined ? openVexProblems(document) : validator(schema)(document), [], format.id);
    }
  });
}

test('group 19: no SARIF location points outside the image', async () => {
  const sarif = exportFormats.find(({ id }) => id === 'sarif');
  assert.ok(sarif);
  const { runs } = JSON.parse(await collect((out) => sarif.write(hostileReport(), out, {})));
  const uris: string[] = runs[0].results.map(
    (result: { locations: { physicalLocation: { artifactLocation: { uri: string; uriBaseId: string } } }[] }) => {
      const place = result.locations[0]?.physicalLocation.artifactLocation;
      assert.equal(place?.uriBaseId, 'IMAGE');
      return place.uri;
    },
  );
  assert.equal(uris.length, hostileTexts.length + 1);
  for (const uri of uris)
    assert.ok(new URL(uri, 'image://root/x/').href.startsWith('image://root/x/'), uri.slice(0, 80));
});

test('group 16: SARIF messages hold no links that an image wrote', async () => {
  const sarif = exportFormats.find(({ id }) => id === 'sarif');
  assert.ok(sarif);
  const text = await collect((out) => sarif.write(hostileReport(), out, {}));
  assert.doesNotMatch(text, /"text": "[^"]*\]\(javascript/);
});

test('group 16: a fix report with hostile texts stays safe on a terminal', async () => {
  const report = sampleFixReport();
  for (const text of hostileTexts) {
    const outcomes = report.outcomes.map((outcome) => ({ ...outcome, id: text, package: text, detail: text }));
    const upgrades = report.upgrades.map((upgrade) => ({ ...upgrade, name: text, to: text, repository: text }));
    const hostile = { ...report, outcomes, upgrades, source: { ...report.source, reference: text } };
    const shown = await collect((out) => writeFixReport(hostile, 'table', out));
    assert.doesNotMatch(shown.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
});
