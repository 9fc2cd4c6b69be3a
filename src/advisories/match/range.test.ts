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

/**
 * What the OSV schema prints, read literally and written without any of our code: an event counts when its version is
 * not above the one in question; of those that count, the last one in order decides.
 */
function naive(events: VersionRange, version: number): boolean {
  const limits = events.filter(([kind]) => kind === 'limit').map(([, at]) => (at === '*' ? Infinity : Number(at)));
  if (limits.length > 0 && !limits.some((limit) => version < limit)) return false;
  const place = ([kind, at]: RangeEvent): number => (kind === 'introduced' && at === '0' ? -1 : Number(at));
  let affected = false;
  const others = events.filter(([kind]) => kind !== 'limit');
  for (const [kind, at] of others.sort((a, b) => place(a) - place(b))) {
    if (kind === 'introduced' && (at === '0' || Number(at) <= version)) affected = true;
    if (kind === 'fixed' && Number(at) <= version) affected = false;
    if (kind === 'last_affected' && Number(at) < version) affected = false;
  }
  return affected;
}

const closing = fc.constantFrom('fixed', 'last_affected' as const);
/** The schema forbids both kinds of end in one range. */
const events: fc.Arbitrary<RangeEvent[]> = closing.chain((end) =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom('introduced', end), fc.nat(12).map(String)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('limit'), fc.oneof(fc.nat(14).map(String), fc.constant('*'))) },
    ) as fc.Arbitrary<RangeEvent>,
    { minLength: 1, maxLength: 8 },
  ),
);

test('range: agrees with a literal reading of the OSV schema, events in any order', () => {
  fc.assert(
    fc.property(events, fc.nat(14), (range, version) => {
      assert.equal(evaluateRange(range, String(version), numbers) !== null, naive(range, version));
    }),
    { numRuns: 2_000 },
  );
});

test('range: several ranges and listed versions are a union', () => {
  const versions = fc.array(fc.nat(14), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(events, { maxLength: 4 }), versions, fc.nat(14), (ranges, listed, version) => {
      const fact = { ranges, versions: listed.map((one) => `0${one}`) };
      const expected = listed.includes(version) || ranges.some((range) => naive(range, version));
      assert.equal(evaluateFact(fact, String(version), numbers) !== null, expected);
    }),
    { numRuns: 1_000 },
  );
});

test('range: a fix that is shown ends the interval of the version', () => {
  fc.assert(
    fc.property(events, fc.nat(14), (range, version) => {
      const fix = evaluateRange(range, String(version), numbers)?.fixedVersion ?? null;
      if (fix === null) return;
      assert.ok(Number(fix) > version);
      for (let between = version; between < Number(fix); between++) {
        const limited = range.filter(([kind]) => kind !== 'limit');
        assert.ok(naive(limited, between), `${between} before ${fix}`);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('range: an event whose version is none never makes a range smaller', () => {
  fc.assert(
    fc.property(events, fc.nat(7), fc.nat(14), fc.nat(14), (range, position, real, version) => {
      const index = position % range.length;
      const [kind] = range[index] ?? ['fixed'];
      // An introduction stands before the end that follows it; everything else may be anywhere.
      const end = range.slice(index + 1).find(([other]) => other === 'fixed' || other === 'last_affected');
      if (kind === 'introduced' && end !== undefined && real > Number(end[1])) return;
      const meant = range.with(index, [kind, String(real)]);
      const written = range.with(index, [kind, 'unknown']);
      if (naive(meant, version)) assert.ok(evaluateRange(written, String(version), numbers) !== null);
    }),
    { numRuns: 2_000 },
  );
});

/** Versions with at least one dot: `0` is none of them. */
const dotted: VersionScheme = {
  id: 'dotted',
  valid: (version) => /^[0-9]+\.[0-9]+$/.test(version),
  compare: (a, b) => Number(a) - Number(b),
};

test('range: a fix at 0 means never affected, also where 0 is no version', () => {
  const never: VersionRange = [
    ['introduced', '0'],
    ['fixed', '0'],
  ];
  assert.equal(evaluateRange(never, '1', numbers), null);
  assert.equal(evaluateRange(never, '1.0', dotted), null);
  const later: VersionRange = [...never, ['introduced', '2.0']];
  assert.equal(evaluateRange(later, '1.0', dotted), null);
  assert.equal(evaluateRange(later, '2.5', dotted)?.range, '>= 2.0');
});

const fact = { ranges: [], versions: [] };

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
