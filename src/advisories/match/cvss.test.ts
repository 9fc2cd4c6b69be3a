import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreCvss } from './cvss.ts';
import { bestCvss, decodeSeverities, encodeSeverities } from './stated-severity.ts';

/** Vectors with the scores that FIRST prints in the examples of the specifications and NVD publishes. */
const published: readonly (readonly [vector: string, score: number, level: string])[] = [
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8, 'high'],
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10, 'high'],
  ['AV:L/AC:H/Au:N/C:C/I:C/A:C', 6.2, 'medium'],
  ['AV:N/AC:M/Au:N/C:N/I:P/A:N', 4.3, 'medium'],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4, 'medium'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1, 'low'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5, 'high'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'critical'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H', 8.1, 'high'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10, 'critical'],
  ['CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'negligible'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10, 'critical'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'critical'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0, 'negligible'],
];

for (const [vector, score, level] of published) {
  test(`cvss: ${vector} is ${score}`, () => {
    const scored = scoreCvss(vector);
    assert.equal(scored?.score, score);
    assert.equal(scored?.level, level);
    assert.equal(scored?.vector, vector);
  });
}

test('cvss: v3.0 rounds up every base vector as its specification says', () => {
  // The equations of CVSS v3.0 section 8.1 written out anew; exact to 1e-9 before rounding.
  const weights = { AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 }, AC: { L: 0.77, H: 0.44 }, UI: { N: 0.85, R: 0.62 } };
  const privileges = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } };
  const impact = { H: 0.56, L: 0.22, N: 0 };
  const entries = <T extends object>(object: T): [string, number][] => Object.entries(object) as [string, number][];
  let checked = 0;
  for (const [av, avWeight] of entries(weights.AV))
    for (const [ac, acWeight] of entries(weights.AC))
      for (const [ui, uiWeight] of entries(weights.UI))
        for (const scope of ['U', 'C'] as const)
          for (const [pr, prWeight] of entries(privileges[scope]))
            for (const [c, cWeight] of entries(impact))
              for (const [i, iWeight] of entries(impact)) {
                const a = c === 'H' ? 'L' : 'N';
                const base = 1 - (1 - cWeight) * (1 - iWeight) * (1 - impact[a]);
                const sub = scope === 'U' ? 6.42 * base : 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15;
                const exploit = 8.22 * avWeight * acWeight * prWeight * uiWeight;
                const sum = scope === 'U' ? sub + exploit : 1.08 * (sub + exploit);
                const expected = sub <= 0 ? 0 : Math.ceil(Math.min(sum, 10) * 10 - 1e-7) / 10;
                const vector = `CVSS:3.0/AV:${av}/AC:${ac}/PR:${pr}/UI:${ui}/S:${scope}/C:${c}/I:${i}/A:${a}`;
                assert.equal(scoreCvss(vector)?.score, expected, vector);
                checked++;
              }
  assert.equal(checked, 4 * 2 * 2 * 6 * 9);
});

const invalid = [
  '',
  'medium',
  'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H',
  'CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'AV:N/AC:L/Au:N/C:C',
  `CVSS:3.1/${'AV:N/'.repeat(200)}`,
];

for (const vector of invalid) {
  test(`cvss: no score for ${JSON.stringify(vector.slice(0, 60))}`, () => assert.equal(scoreCvss(vector), null));
}

test('cvss: the newest version wins, then the highest score', () => {
  const v2 = 'AV:N/AC:L/Au:N/C:C/I:C/A:C';
  const low = 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N';
  const high = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
  assert.equal(bestCvss(decodeSeverities(encodeSeverities([v2, low, high])))?.vector, high);
  assert.equal(bestCvss(decodeSeverities(encodeSeverities(['nonsense']))), null);
});
