import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rpmVersions } from '../../src/ecosystems/rpm/versions.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';

const fragments = (
  '0 00 1 01 2 9 10 010 20240101 18446744073709551616 99999999999999999999999999 ~ ~~ ~rc1 ^ ^^ ^git1 ^20240101 . .. _ + ++ ' +
  '- a b z A Z aa rc .el8 .el8_4 .el9 .module_el8.9.0+3742+8ee3a0c5 .module+el8.10.0+1865+67d146ca .alma .1 %{dist} fc35 git'
).split(' ');

/** The same pairs on every run: a linear congruential generator (Numerical Recipes) with a fixed seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

function makeVersion(random: (below: number) => number): string {
  let version = random(8) === 0 ? `${random(3)}:` : '';
  for (let parts = 1 + random(8); parts > 0; parts--) version += fragments[random(fragments.length)];
  return version;
}

/** Pairs of valid versions; half of them differ in one inserted fragment only, where mistakes hide. */
function makePairs(count: number, seed: number): [string, string][] {
  const random = generator(seed);
  const pairs: [string, string][] = [];
  while (pairs.length < count) {
    const a = makeVersion(random);
    const cut = 1 + random(a.length);
    const b =
      random(2) === 0 ? makeVersion(random) : a.slice(0, cut) + fragments[random(fragments.length)] + a.slice(cut);
    // A version without release is compared with all releases; rpm's sort order, the oracle, puts it before them.
    if (a.includes('-') !== b.includes('-')) continue;
    if (rpmVersions.valid(a) && rpmVersions.valid(b)) pairs.push(random(2) === 0 ? [a, b] : [b, a]);
  }
  return pairs;
}

/** rpm's own order of pairs, by its embedded interpreter, which reads them from a file. */
async function orderedByRpm(rpm: string, pairs: readonly [string, string][]): Promise<number[]> {
  const directory = await mkdtemp(join(tmpdir(), 'rpm-versions-'));
  try {
    const file = join(directory, 'pairs');
    await writeFile(file, pairs.map(([a, b]) => `${a} ${b}\n`).join(''));
    const program = `for line in io.lines("${file}") do local a, b = line:match("^(%S+) (%S+)$") io.write(rpm.vercmp(a, b), " ") end`;
    const { stdout } = await mustRun(rpm, ['--eval', `%{lua: ${program}}`]);
    return stdout.trim().split(/\s+/).map(Number);
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('40,000 pairs as rpm orders them', async (t) => {
  const sys = needs(t, 'rpm');
  if (!sys) return;
  const pairs = makePairs(40_000, 20240613);
  const answers = await orderedByRpm(sys.rpm, pairs);
  assert.equal(answers.length, pairs.length);
  assert.ok(new Set(answers).size === 3, 'all three orders occur');
  const wrong = pairs.filter(([a, b], i) => Math.sign(rpmVersions.compare(a, b)) !== answers[i]);
  assert.deepEqual(wrong.slice(0, 10), []);
});
