import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { exportFormats } from '../../src/exports/index.ts';
import { compareReports, createBaseline, parsePolicy, readSavedReport } from '../../src/findings/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { noAdvisories, scanSbom } from '../../src/scan/index.ts';
import { collect } from '../support/collect.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { validator } from '../support/json-schemas.ts';
import { sampleReport } from '../support/sample-reports.ts';

const clock = fixedClock('2026-03-01T00:00:00Z');
const sbom = (bytes: Uint8Array) =>
  scanSbom({ bytes, reference: 'sbom:x', index: noAdvisories(clock.now()), ecosystems, clock, toolVersion: '1' });

async function written(id: string): Promise<string> {
  const format = exportFormats.find((candidate) => candidate.id === id);
  assert.ok(format);
  return collect((out) => format.write(sampleReport(), out, {}));
}

/** Values that replace one of a document, whatever stood there. */
const replacements = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1e308,
    true,
    '',
    [],
    {},
    [[]],
    '__proto__',
    'x'.repeat(5000),
    '\u0000\u202e\ud800',
  ),
  fc.string({ unit: 'binary' }),
);

/** Replaces the nth value of a document, counted in the order of its text. */
function mutate(document: unknown, at: number, replacement: unknown): unknown {
  let seen = 0;
  return JSON.parse(JSON.stringify(document, (_, value) => (seen++ === at ? replacement : value)) ?? 'null');
}

for (const id of ['cyclonedx', 'spdx']) {
  test(`group 12: a bill of materials in ${id} with one odd value is scanned or refused`, async () => {
    const document = JSON.parse(await written(id));
    const values = JSON.stringify(document).split(/[:,[{]/).length;
    fc.assert(
      fc.property(fc.nat({ max: values }), replacements, (at, value) => {
        const bytes = Buffer.from(JSON.stringify(mutate(document, at, value)));
        try {
          assert.deepEqual(validator('report')(sbom(bytes)), []);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'sbom_invalid', String(error));
        }
      }),
      { numRuns: 150 },
    );
  });
}

test('group 12: a saved report with one odd value is read or refused, and what is read can be used', async () => {
  const document = sampleReport();
  const values = JSON.stringify(document).split(/[:,[{]/).length;
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: values }), replacements, async (at, value) => {
      const bytes = Buffer.from(JSON.stringify(mutate(document, at, value)));
      const report = await readSavedReport(bytes, 'x').catch((error) => {
        assert.equal(error.code, 'report_invalid', String(error));
        return undefined;
      });
      if (report === undefined) return;
      compareReports(report, document, '1');
      createBaseline(report).apply(document);
      for (const format of exportFormats) await collect((out) => format.write(report, out, {}));
    }),
    { numRuns: 60 },
  );
});

test('group 12: cut-off and nested files end with their error', async () => {
  const text = await written('cyclonedx');
  for (const bytes of [Buffer.from(text.slice(0, -10)), Buffer.from('['.repeat(100_000)), Buffer.alloc(0)]) {
    assert.throws(() => sbom(bytes), { code: 'sbom_invalid' });
    await assert.rejects(readSavedReport(bytes, 'x'), { code: 'report_invalid' });
    await assert.rejects(parsePolicy(bytes, 'x'), { code: 'policy_invalid' });
  }
});

test('group 13: a policy cannot make matching slow', async () => {
  const patterns = Array.from({ length: 50 }, () => `  - { purl: "pkg:${'*a'.repeat(200)}*" }`).join('\n');
  const policy = await parsePolicy(Buffer.from(`version: 1\npackages:\n deny:\n${patterns}`), 'x');
  const { evaluatePolicy } = await import('../../src/findings/index.ts');
  const report = hostileReport();
  const started = performance.now();
  evaluatePolicy({ policy, policySha256: '', report, now: clock.now(), toolVersion: '1' });
  assert.ok(performance.now() - started < 2000);
});

test('group 13: aliases of YAML do not multiply', async () => {
  const bomb = [
    'a: &a [x, x]',
    ...'bcdefghij'.split('').map((name, at) => `${name}: &${name} [*${'abcdefghi'[at]}, *${'abcdefghi'[at]}]`),
  ];
  await assert.rejects(parsePolicy(Buffer.from(bomb.join('\n')), 'x'), { code: 'policy_invalid' });
});
