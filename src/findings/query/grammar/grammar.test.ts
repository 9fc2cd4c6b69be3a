import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FieldTest, Filter } from '../contract.ts';
import { QueryError } from '../errors.ts';
import { fields } from './fields.ts';
import { formatFilter } from './format.ts';
import { checkFilter, filterLimits, normaliseFilter } from './normalise.ts';
import { parseFilter } from './parse.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '*', 'a*b', 'or', '-', '"', '\\', 'a,b', '('),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));

const fieldTest: fc.Arbitrary<FieldTest> = fc.constantFrom(...fields).chain((field): fc.Arbitrary<FieldTest> => {
  if (field.type === 'flag') return fc.boolean().map((value) => ({ field: field.name, op: 'is', value }) as FieldTest);
  if (field.type === 'text') {
    return fc.constantFrom('in', 'contains', 'prefix').chain((op) => {
      const value = op === 'in' && field.values ? fc.constantFrom(...field.values) : anyText;
      return fc.array(value, { maxLength: 4 }).map((values) => ({ field: field.name, op, values }) as FieldTest);
    });
  }
  return fc
    .tuple(fc.constantFrom('in', 'ge', 'le'), fc.array(number, { minLength: 1, maxLength: 3 }))
    .map(([op, values]) => ({ field: field.name, op, values }) as FieldTest);
});

const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fieldTest as fc.Arbitrary<Filter>,
    fc.array(tie('filter'), { maxLength: 3 }).map((and): Filter => ({ and })),
    fc.array(tie('filter'), { maxLength: 3 }).map((or): Filter => ({ or })),
    tie('filter').map((not): Filter => ({ not })),
  ),
})).filter;

test('every filter survives its text form', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      checkFilter(filter);
      assert.deepEqual(parseFilter(formatFilter(filter)), normaliseFilter(filter));
    }),
    { numRuns: 500 },
  );
});

test('any text is read or refused with a position inside of it', () => {
  const piece = fc.constantFrom(
    'severity',
    ':',
    'high',
    ',',
    '(',
    ')',
    ' or ',
    '-',
    '"',
    '*',
    '>=',
    '\\',
    ' ',
    'kev:true',
  );
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(noise, (text) => {
      try {
        assert.deepEqual(parseFilter(formatFilter(parseFilter(text))), parseFilter(text));
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        assert.ok(error.position >= 0 && error.position <= text.length, `${error.message} at ${error.position}`);
      }
    }),
    { numRuns: 1000 },
  );
});

const readings: readonly [text: string, filter: Filter][] = [
  ['', { and: [] }],
  ['severity:critical,high', { field: 'severity', op: 'in', values: ['critical', 'high'] }],
  ['fixable:true', { field: 'fixable', op: 'is', value: true }],
  ['-repository:team/*', { not: { field: 'repository.path', op: 'prefix', values: ['team/'] } }],
  ['size>=1000000', { field: 'image.size', op: 'ge', values: [1_000_000] }],
  ['title:*"use after"*', { field: 'vuln.title', op: 'contains', values: ['use after'] }],
  ['scanned<=1970-01-02', { field: 'image.scanned', op: 'le', values: [86_400_000] }],
  ['image:localhost:5000/a/b:1', { field: 'image.reference', op: 'in', values: ['localhost:5000/a/b:1'] }],
  [
    'kind:cve (vuln:CVE-2024-1 or -kev:false)',
    {
      and: [
        { field: 'kind', op: 'in', values: ['cve'] },
        {
          or: [
            { field: 'vuln.id', op: 'in', values: ['CVE-2024-1'] },
            { not: { field: 'vuln.kev', op: 'is', value: false } },
          ],
        },
      ],
    },
  ],
  [
    'tag:a,b*',
    {
      or: [
        { field: 'image.tag', op: 'in', values: ['a'] },
        { field: 'image.tag', op: 'prefix', values: ['b'] },
      ],
    },
  ],
];
for (const [text, filter] of readings) {
  test(`reads ${text === '' ? 'the empty text' : text}`, () => assert.deepEqual(parseFilter(text), filter));
}

const refusals: readonly [text: string, code: string, position: number, suggestion?: string][] = [
  ['sevrity:high', 'filter_field', 0, 'severity'],
  ['kev:true uuid2:a', 'filter_syntax', 9],
  ['kev:true instanceId:a', 'filter_field', 9, 'registry.instanceId'],
  ['severity:hihg', 'filter_value', 0, 'high'],
  ['openssl', 'filter_syntax', 0],
  ['(kev:true', 'filter_syntax', 0],
  ['kev:true)', 'filter_syntax', 8],
  ['tag:"a', 'filter_syntax', 4],
  ['tag:a*b', 'filter_syntax', 4],
  ['or kev:true', 'filter_syntax', 0],
  ['kev:true or', 'filter_syntax', 11],
  ['size>1', 'filter_syntax', 4],
  ['size:big', 'filter_value', 5],
  ['kev:maybe', 'filter_value', 4],
  ['tag>=a', 'filter_syntax', 0],
];
for (const [text, code, position, suggestion] of refusals) {
  test(`refuses ${text}`, () => {
    assert.throws(
      () => parseFilter(text),
      (error) =>
        error instanceof QueryError &&
        error.code === code &&
        error.position === position &&
        error.suggestion === suggestion,
    );
  });
}

test('filters beyond the limits are refused, whatever their form', () => {
  const deep = '('.repeat(filterLimits.depth + 2);
  const many = 'kev:true '.repeat(filterLimits.nodes + 1);
  const values = `tag:${Array(filterLimits.values + 2)
    .fill('a')
    .join()}`;
  for (const text of [deep, many, values, ' '.repeat(filterLimits.text + 1), `tag:${'a'.repeat(5_000)}`]) {
    assert.throws(() => parseFilter(text), { code: 'filter_limit' });
  }
  let nested: Filter = { and: [] };
  for (let depth = 0; depth < 40; depth++) nested = { not: nested };
  assert.throws(() => checkFilter(nested), { code: 'filter_limit' });
});
