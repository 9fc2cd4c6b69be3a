import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { debVersions } from '../../src/ecosystems/dpkg/versions.ts';
import { mapLimit } from '../../src/kernel/index.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';

const fragments = (
  '0 00 1 01 2 9 10 010 20240101 18446744073709551616 99999999999999999999999999 ~ ~~ + . .. - -- ~rc1 ~beta +b1 +deb12u1 ' +
  '~deb12u2 ~bpo12+1 +esm1 ubuntu0.1 a b z A Z aa dfsg +really git :'
).split(' ');

/** Debian's own interpreter: python3-apt is not to be found by another one that is first in PATH. */
const systemPython = '/usr/bin/python3';

/** The same pairs on every run: a linear congruential generator (Numerical Recipes) with a fixed seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

function makeVersion(random: (below: number) => number): string {
  const epoch = random(8) === 0 ? `${random(3)}:` : '';
  let version = `${epoch}${random(12)}`;
  for (let parts = random(7); parts > 0; parts--) version += fragments[random(fragments.length)];
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
    if (debVersions.valid(a) && debVersions.valid(b)) pairs.push(random(2) === 0 ? [a, b] : [b, a]);
  }
  return pairs;
}

test('40,000 pairs as apt orders them', async (t) => {
  const probe = await run(systemPython, ['-c', 'import apt_pkg']).catch(() => undefined);
  if (probe?.code !== 0) return t.skip('needs python3-apt: run tools/system-deps.sh');
  const pairs = makePairs(40_000, 20240613);
  const program =
    'import sys, apt_pkg\napt_pkg.init_system()\n' +
    'for line in sys.stdin:\n a, b = line.rstrip("\\n").split(" ")\n r = apt_pkg.version_compare(a, b)\n print((r > 0) - (r < 0))\n';
  const child = spawn(systemPython, ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(pairs.map(([a, b]) => `${a} ${b}\n`).join(''));
  const answers = (await text(child.stdout)).trim().split('\n').map(Number);
  assert.equal(answers.length, pairs.length);
  const wrong = pairs.filter(([a, b], i) => Math.sign(debVersions.compare(a, b)) !== answers[i]);
  assert.deepEqual(wrong.slice(0, 10), []);
});

test('2,000 pairs as dpkg orders them', async (t) => {
  const sys = needs(t, 'dpkg');
  if (!sys) return;
  const wrong: string[] = [];
  await mapLimit(makePairs(2_000, 7), 4, async ([a, b]) => {
    // dpkg keeps epochs in an int and refuses longer ones; apt, above, compares them like us.
    if ([a, b].some((version) => version.indexOf(':') > 9)) return;
    const order = debVersions.compare(a, b);
    const relation = order < 0 ? 'lt' : order > 0 ? 'gt' : 'eq';
    const { code } = await run(sys.dpkg, ['--compare-versions', a, relation, b]);
    if (code !== 0) wrong.push(`${a} ${relation} ${b}: ${code}`);
  });
  assert.deepEqual(wrong.slice(0, 10), []);
});

test('the grammar accepts nothing that dpkg refuses', async (t) => {
  const sys = needs(t, 'dpkg');
  if (!sys) return;
  const random = generator(99);
  const alphabet = '019aZ.+~-: _/é';
  const accepted: string[] = [];
  while (accepted.length < 200) {
    let version = '';
    for (let length = 1 + random(8); length > 0; length--) version += alphabet[random(alphabet.length)];
    if (debVersions.valid(version)) accepted.push(version);
  }
  await mapLimit(accepted, 4, async (version) => {
    const { code, stderr } = await run(sys.dpkg, ['--validate-version', version]);
    assert.equal(code, 0, `${version}: ${stderr}`);
  });
});
