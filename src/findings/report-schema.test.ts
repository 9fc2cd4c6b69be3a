import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { z } from 'zod';
import { root } from '../../test/arch/source-tree.ts';
import { hostileReport } from '../../test/support/hostile-report.ts';
import { validator } from '../../test/support/json-schemas.ts';
import { sampleFixReport } from '../../test/support/sample-fix-report.ts';
import { emptyReport, sampleReport } from '../../test/support/sample-reports.ts';
import { publishedSchemas } from '../../tools/published-schemas.ts';
import type { FixReport } from './fix-report.ts';
import type { fixReportSchema } from './fix-report-schema.ts';
import type { ScanReport } from './report.ts';
import type { scanReportSchema } from './report-schema.ts';

type DeepReadonly<T> = T extends readonly (infer I)[]
  ? readonly DeepReadonly<I>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** `undefined` is how zod spells a field that may be missing. */
type WithoutUndefined<T> = T extends readonly (infer I)[]
  ? readonly WithoutUndefined<I>[]
  : T extends object
    ? { readonly [K in keyof T]: WithoutUndefined<Exclude<T[K], undefined>> }
    : T;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

// These lines fail to compile when a schema and its interface differ.
const scanAgrees: Same<
  WithoutUndefined<DeepReadonly<z.infer<typeof scanReportSchema>>>,
  WithoutUndefined<ScanReport>
> = true;
const fixAgrees: Same<
  WithoutUndefined<DeepReadonly<z.infer<typeof fixReportSchema>>>,
  WithoutUndefined<FixReport>
> = true;

test('the schemas describe the interfaces', () => {
  assert.equal(scanAgrees && fixAgrees, true);
});

for (const { file, text } of publishedSchemas()) {
  test(`docs/api/${file} is what the definition gives (npm run schemas)`, () => {
    assert.equal(readFileSync(join(root, 'docs/api', file), 'utf8'), text);
  });
}

test('reports satisfy the published schema, and a field too many does not', () => {
  const check = validator('report');
  for (const report of [sampleReport(), emptyReport(), hostileReport()]) assert.deepEqual(check(report), []);
  assert.notDeepEqual(check({ ...sampleReport(), extra: 1 }), []);
  assert.notDeepEqual(check({ ...sampleReport(), scan: { ...sampleReport().scan, finishedAt: 'yesterday' } }), []);
});

test('fix reports satisfy the published schema', () => {
  const check = validator('fix-report');
  assert.deepEqual(check(sampleFixReport()), []);
  assert.deepEqual(check({ ...sampleFixReport(), result: null, verification: null }), []);
  assert.notDeepEqual(check({ ...sampleFixReport(), requested: null }), []);
});
