import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VersionScheme } from '../../ecosystems/index.ts';
import type { RangeEvent, VersionRange } from '../facts.ts';
import { evaluateFact, evaluateRange } from './range.ts';

/** Whole numbers as versions: their order needs no proof. */
const numbers: VersionScheme = {
  id: 'numbers',
  valid: (version) => /^[0-9]+$/.test(version),
  compare: (a, b) => Number(a) - Number(b),
};

const cases: { name: string; range: VersionRange; version: string; fixed?: string | null; text?: string }[] = [
  {
    name: 'below the fix',
    range: [
      ['introduced', '0'],
      ['fixed', '5'],
    ],
    version: '4',
    fixed: '5',
    text: '< 5',
  },
  {
    name: 'at the fix',
    range: [
      ['introduced', '0'],
      ['fixed', '5'],
    ],
    version: '5',
  },
  { name: 'no fix known', range: [['introduced', '0']], version: '9', fixed: null, text: 'all versions' },
  { name: 'before the introduction', range: [['introduced', '3']], version: '2' },
  { name: 'from the introduction', range: [['introduced', '3']], version: '3', fixed: null, text: '>= 3' },
  {
    name: 'at the last affected',
    range: [
      ['introduced', '0'],
      ['last_affected', '4'],
    ],
    version: '4',
    fixed: null,
    text: '<= 4',
  },
  {
    name: 'after the last affected',
    range: [
      ['introduced', '0'],
      ['last_affected', '4'],
    ],
    version: '5',
  },
  {
    name: 'several branches in any order: the fix of the own branch',
    range: [
      ['fixed', '15'],
      ['introduced', '10'],
      ['fixed', '5'],
      ['introduced', '0'],
    ],
    version: '12',
    fixed: '15',
    text: '>= 10, < 15',
  },
  {
    name: 'between branches',
    range: [
      ['introduced', '10'],
      ['fixed', '15'],
      ['introduced', '0'],
      ['fixed', '5'],
    ],
    version: '7',
  },
  {
    name: 'introduced 0 stands before a fix at 0',
    range: [
      ['fixed', '0'],
      ['introduced', '0'],
    ],
    version: '0',
  },
  {
    name: 'below the limit',
    range: [
      ['introduced', '0'],
      ['limit', '8'],
    ],
    version: '7',
    fixed: null,
    text: '< 8',
  },
  {
    name: 'at the limit',
    range: [
      ['introduced', '0'],
      ['limit', '8'],
    ],
    version: '8',
  },
  {
    name: 'one of two limits is enough',
    range: [
      ['introduced', '0'],
      ['limit', '3'],
      ['limit', '8'],
    ],
    version: '5',
    fixed: null,
    text: 'all versions',
  },
  {
    name: 'limit without bound',
    range: [
      ['introduced', '0'],
      ['limit', '*'],
    ],
    version: '99',
    fixed: null,
    text: 'all versions',
  },
  {
    name: 'a fix that is no version closes nothing',
    range: [
      ['introduced', '0'],
      ['fixed', '<unknown>'],
    ],
    version: '1',
    fixed: null,
    text: 'all versions',
  },
  {
    name: 'two fixes: the first counts',
    range: [
      ['introduced', '0'],
      ['fixed', '5'],
      ['fixed', '9'],
    ],
    version: '6',
  },
];

for (const { name, range, version, fixed, text } of cases) {
  test(`range: ${name}`, () => {
    const verdict = evaluateRange(range, version, numbers);
    assert.deepEqual(verdict, text === undefined ? null : { fixedVersion: fixed ?? null, range: text });
  });
}

test('range: agrees with the walk over sorted events that the OSV schema prints', () => {
  const kind = fc.constantFrom('introduced', 'fixed' as const);
  const event = fc.tuple(kind, fc.nat(12).map(String)) as fc.Arbitrary<RangeEvent>;
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), fc.nat(14), (events, version) => {
      let affected = false;
      const isStart = ([kind, at]: RangeEvent): number => (kind === 'introduced' && at === '0' ? 0 : 1);
      for (const [kind, at] of events.toSorted((a, b) => Number(a[1]) - Number(b[1]) || isStart(a) - isStart(b))) {
        if (Number(at) <= version) affected = kind === 'introduced';
      }
      assert.equal(evaluateRange(events, String(version), numbers) !== null, affected);
    }),
  );
});

const fact = { record: 1, ranges: [], versions: [], urgency: null, severities: [] };

test('fact: a listed version is affected, an equal spelling too', () => {
  const listed = { ...fact, versions: ['07', 'odd'] };
  assert.deepEqual(evaluateFact(listed, '7', numbers), { fixedVersion: null, range: '= 7' });
  assert.equal(evaluateFact(listed, '8', numbers), null);
});

test('fact: of several ranges that hold, the nearest fix is shown', () => {
  const ranges: VersionRange[] = [
    [
      ['introduced', '0'],
      ['fixed', '20'],
    ],
    [
      ['introduced', '0'],
      ['fixed', '10'],
    ],
    [['introduced', '0']],
  ];
  assert.equal(evaluateFact({ ...fact, ranges }, '5', numbers)?.fixedVersion, '10');
});
