import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { apkVersions } from '../../src/ecosystems/apk/versions.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** An implementation of apk's order by others, together with the test vectors of apk-tools itself. */
const goModule = 'github.com/knqyf263/go-apk-version';
const goVersion = 'v0.0.0-20200609155635-041fdbb8563f';

/** The same pairs on every run: a linear congruential generator (Numerical Recipes) with a fixed seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

const numbers = '1 2 3 9 10 11 20240101 184467440737095516'.split(' ');
const zeros = '0 05 012 00'.split(' ');
const suffixes = '_alpha _beta _pre _rc _cvs _svn _git _hg _p'.split(' ');

/** @param all also parts that begin with a zero, and hashes */
function makeVersion(random: (below: number) => number, all: boolean): string {
  const some = <T>(values: readonly T[]): T => values[random(values.length)] as T;
  let version = some(numbers);
  for (let parts = random(4); parts > 0; parts--) version += `.${some(all ? [...numbers, ...zeros] : numbers)}`;
  if (random(4) === 0) version += some(['a', 'b', 'p', 'p1', 'p2', 'p10']);
  for (let parts = random(3); parts > 0; parts--) version += some(suffixes) + some(['', '1', '2', '10', '20240101']);
  if (all && random(5) === 0) version += some(['~1a', '~1b', '~0', '~ff']);
  if (random(2) === 0) version += `-r${some(['0', '1', '2', '10'])}`;
  return version;
}

/** Half of the pairs differ in their end only, where mistakes hide. */
function makePairs(count: number, seed: number, all: boolean): [string, string][] {
  const random = generator(seed);
  return Array.from({ length: count }, () => {
    const a = makeVersion(random, all);
    const end = a.search(/[a-z_~-]/);
    const head = end < 0 ? a : a.slice(0, end);
    const b = random(2) === 0 ? makeVersion(random, all) : makeVersion(random, all).replace(/^[0-9.]+/, head);
    return [a, b];
  });
}

async function answers(
  program: string,
  args: readonly string[],
  pairs: readonly [string, string][],
): Promise<number[]> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(pairs.map(([a, b]) => `${a} ${b}\n`).join(''));
  const lines = (await text(child.stdout)).trim().split('\n');
  assert.equal(lines.length, pairs.length);
  return lines.map(Number);
}

function assertSame(pairs: readonly [string, string][], expected: readonly number[]): void {
  for (const pair of pairs) for (const version of pair) assert.ok(apkVersions.valid(version), version);
  const wrong = pairs.filter(([a, b], i) => Math.sign(apkVersions.compare(a, b)) !== expected[i]);
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.equal(new Set(expected).size, 3, 'all three answers occur');
}

test('40,000 pairs as a sort key made from apk-package(5) orders them', async (t) => {
  const sys = needs(t, 'python3');
  if (!sys) return;
  const pairs = makePairs(40_000, 20240613, true);
  const oracle = join(import.meta.dirname, 'oracle/alpine-matches.py');
  assertSame(pairs, await answers(sys.python3, [oracle, 'order'], pairs));
});

/** Fetches the module and builds a program that compares pairs; undefined after the test was skipped. */
async function goProgram(t: TestContext): Promise<{ program: string; vectors: string } | undefined> {
  const sys = needs(t, 'go');
  if (!sys) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'apk-order-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const go = (...args: string[]) => run(sys.go, args, { cwd: directory });
  await writeFile(join(directory, 'go.mod'), `module order\n\ngo 1.21\n\nrequire ${goModule} ${goVersion}\n`);
  await writeFile(
    join(directory, 'main.go'),
    `package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	version "${goModule}"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		pair := strings.Split(lines.Text(), " ")
		fmt.Println(version.Version(pair[0]).Compare(version.Version(pair[1])))
	}
}
`,
  );
  const fetched = await go('mod', 'tidy');
  if (fetched.code !== 0) {
    t.skip(`needs the Go module ${goModule}: ${fetched.stderr.split('\n')[0]}`);
    return undefined;
  }
  const program = join(directory, 'order');
  const built = await go('build', '-o', program, '.');
  assert.equal(built.code, 0, built.stderr);
  const { stdout } = await go('list', '-m', '-f', '{{.Dir}}', goModule);
  return { program, vectors: join(stdout.trim(), 'version.data') };
}

test('the test vectors of apk-tools, and 40,000 pairs as another implementation orders them', async (t) => {
  const other = await goProgram(t);
  if (other === undefined) return;
  const lines = (await readFile(other.vectors, 'utf8')).split('\n');
  const vectors = lines.map((line) => /^(\S+) ([<=>]) (\S+)/.exec(line)).filter((found) => found !== null);
  assert.ok(vectors.length > 700, `${vectors.length} vectors`);
  const orders = { '<': -1, '=': 0, '>': 1 };
  const refused: string[] = [];
  for (const [line, a = '', order, b = ''] of vectors) {
    if (!apkVersions.valid(a) || !apkVersions.valid(b)) refused.push(line);
    else assert.equal(Math.sign(apkVersions.compare(a, b)), orders[order as '<' | '=' | '>'], line);
  }
  // Both have a part that is none in the grammar: apk compares what comes before it, we say that there is no order.
  assert.deepEqual(refused, ['23_foo > 4_beta', '1.0 < 1.0bc']);

  // It follows apk-tools 2: hashes came later, and of parts with leading zeros 3 compares the text (as 2 did not).
  const pairs = makePairs(40_000, 7, false);
  assertSame(pairs, await answers(other.program, [], pairs));
});
