import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { goVersions } from '../../src/ecosystems/golang/versions.ts';
import { needs } from '../support/system.ts';

const oracle = join(import.meta.dirname, 'oracle', 'go-matches');

/** What Go says of each line; undefined, with the test skipped, where its module cannot be loaded. */
async function ask(t: TestContext, lines: readonly string[]): Promise<string[] | undefined> {
  const sys = needs(t, 'go');
  if (!sys) return undefined;
  const child = spawn(sys.go, ['run', '.', 'compare'], { cwd: oracle, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${lines.join('\n')}\n`);
  const [answers, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (answers === '') {
    t.skip(`needs golang.org/x/mod: ${problem.slice(0, 200)}`);
    return undefined;
  }
  return answers.trim().split('\n');
}

/** The same pairs on every run: a linear congruential generator (Numerical Recipes) with a fixed seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

const random = generator(20240613);
const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
const numbers = ['0', '1', '2', '9', '10', '11', '20240101', '18446744073709551616', '99999999999999999999999'];
const labels = [
  '0',
  '1',
  '10',
  'rc',
  'rc1',
  'beta',
  'alpha',
  'pre',
  'a',
  'A',
  'Z-',
  '-',
  '0a',
  '20190101000000-abcdefabcdef',
];

function moduleVersion(): string {
  let version = `v${pick(numbers)}.${pick(numbers)}.${pick(numbers)}`;
  if (random(8) === 0)
    version = version
      .split('.')
      .slice(0, 1 + random(2))
      .join('.');
  else if (random(2) === 0) {
    version += `-${pick(labels)}`;
    for (let more = random(3); more > 0; more--) version += `.${pick(labels)}`;
  }
  return random(5) === 0 && version.includes('.') ? `${version}+${pick(['incompatible', 'dirty', 'a.b'])}` : version;
}

/** Since 1.21 a version without third number is one of the language: toolchains have three, or a word. */
function toolchain(): string {
  const minor = random(30);
  const word = random(3) === 0 ? `${pick(['rc', 'beta'])}${1 + random(12)}` : '';
  const patch = word === '' && (minor >= 21 || random(2) === 0) ? `.${random(15)}` : '';
  return `go1.${minor}${patch}${word}`;
}

for (const [what, make] of [
  ['modules', moduleVersion],
  ['toolchains', toolchain],
] as const) {
  test(`20,000 pairs of versions of ${what} as Go orders them`, async (t) => {
    const pairs = Array.from({ length: 20_000 }, () => [make(), make()] as const);
    const answers = await ask(
      t,
      pairs.map(([a, b]) => `${a} ${b}`),
    );
    if (answers === undefined) return;
    assert.equal(answers.length, pairs.length);
    const valid = pairs.filter((_, i) => answers[i] !== 'invalid').length;
    assert.ok(valid > 15_000, `${valid} valid pairs`);
    const wrong = pairs.filter(([a, b], i) => {
      if (answers[i] === 'invalid') return false;
      return !goVersions.valid(a) || !goVersions.valid(b) || String(Math.sign(goVersions.compare(a, b))) !== answers[i];
    });
    assert.deepEqual(wrong.slice(0, 10), []);
  });
}
