import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { mavenVersions } from '../../src/ecosystems/maven/versions.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { fetchArtifacts, mavenArtifact } from '../support/maven.ts';
import { needs } from '../support/system.ts';

const fragments = (
  '0 00 1 01 2 9 10 20240101 18446744073709551616 - . .. -- a b m rc cr alpha beta milestone snapshot SNAPSHOT ga final Final ' +
  'release RELEASE sp x jre redhat _ + ~ v R GA .0 -0 .0.0 -jre8 .Final .v2020 x1 -redhat-1 .SP1 -M1'
).split(' ');

/** The same pairs on every run: a linear congruential generator (Numerical Recipes) with a fixed seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

/** Pairs of valid versions; half of them differ in one inserted fragment only, where mistakes hide. */
function makePairs(count: number, seed: number): [string, string][] {
  const random = generator(seed);
  const piece = (): string => fragments[random(fragments.length)] ?? '';
  const make = (): string => Array.from({ length: 1 + random(8) }, piece).join('');
  const pairs: [string, string][] = [];
  while (pairs.length < count) {
    const a = make();
    const cut = random(a.length + 1);
    const b = random(2) === 0 ? make() : a.slice(0, cut) + piece() + a.slice(cut);
    if (mavenVersions.valid(a) && mavenVersions.valid(b)) pairs.push([a, b]);
  }
  return pairs;
}

test('60,000 pairs as Maven orders them', async (t) => {
  const system = needs(t, 'mvn', 'java');
  if (!system) return;
  await using directory = await temporaryDirectory();
  const fetched = await fetchArtifacts(directory.path, [mavenArtifact]);
  if ('missing' in fetched) return t.skip(fetched.missing);
  const pairs = makePairs(60_000, 20240613);
  const program = join(import.meta.dirname, 'oracle/MavenVersions.java');
  const args = ['-XX:TieredStopAtLevel=1', '-cp', join(fetched.files, '*'), program];
  const child = spawn(system.java, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(pairs.map(([a, b]) => `${a}\t${b}\n`).join(''));
  const answers = (await text(child.stdout)).trim().split('\n').map(Number);
  assert.equal(answers.length, pairs.length);
  const wrong = pairs.filter(([a, b], i) => Math.sign(mavenVersions.compare(a, b)) !== answers[i]);
  assert.deepEqual(wrong.slice(0, 10), []);
});
