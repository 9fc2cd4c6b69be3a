import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { pypi } from '../../src/ecosystems/pypi/index.ts';
import { normaliseName, pypiIdentity } from '../../src/ecosystems/pypi/package.ts';
import { pypiVersions, withoutLabel } from '../../src/ecosystems/pypi/versions.ts';
import { pick, type Random, seeded } from '../support/random.ts';
import { run } from '../support/run.ts';

const python = '/usr/bin/python3';
const fragments = (
  '0 00 1 01 2 9 10 010 2024 20240101 . .0 .1 .10 - _ a b c rc alpha beta pre preview RC A1 b2 rc1 .rc.1 -rc-1 post .post1 -1 -post2 ' +
  'rev r3 .r .dev .dev1 dev0 DEV2 -dev + +cu118 +1 +1.2 +1.a +a.1 +a-1 +A_1 +1e5 +0x1f +01 +infinity +9999999999999999999999 1! 0! 2! v x * ~'
).split(' ');

function makeVersion(random: Random): string {
  const number = (below: number): number => Math.floor(random() * below);
  let version = `${number(12) === 0 ? 'v' : ''}${number(8) === 0 ? `${number(3)}!` : ''}${number(12)}`;
  for (let parts = number(6); parts > 0; parts--) version += pick(random, fragments);
  return version;
}

/** Numbers that are not compared: Python's have no end, ours end at 2^53 (but for labels). */
const isTooLong = (version: string): boolean => /[0-9]{16}/.test(withoutLabel(version));

/** Texts, most of them versions; half of each pair differ in one inserted fragment only. */
function makePairs(count: number, seed: number): [string, string][] {
  const random = seeded(seed);
  const pairs: [string, string][] = [];
  while (pairs.length < count) {
    const a = makeVersion(random);
    const cut = 1 + Math.floor(random() * a.length);
    const b = random() < 0.5 ? makeVersion(random) : a.slice(0, cut) + pick(random, fragments) + a.slice(cut);
    if (!isTooLong(a) && !isTooLong(b)) pairs.push(random() < 0.5 ? [a, b] : [b, a]);
  }
  return pairs;
}

/** Answers of a Python program, one for each line that it was given; undefined after having marked the test as skipped. */
async function askPackaging(t: TestContext, program: string, lines: readonly string[]): Promise<string[] | undefined> {
  const probe = await run(python, ['-c', 'import packaging']).catch(() => undefined);
  if (probe?.code !== 0) {
    t.skip('needs python3-packaging: run tools/system-deps.sh');
    return undefined;
  }
  const child = spawn(python, ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const answers = (await text(child.stdout)).trimEnd().split('\n');
  assert.equal(answers.length, lines.length);
  return answers;
}

test('40,000 pairs as packaging reads and orders them', async (t) => {
  const pairs = makePairs(40_000, 440);
  const program = `
import sys
from packaging.version import Version, InvalidVersion
def parse(text):
    try: return Version(text)
    except InvalidVersion: return None
for line in sys.stdin:
    a, b = map(parse, line.rstrip("\\n").split(" "))
    print("%d%d%s" % (a is not None, b is not None, "?" if a is None or b is None else "<" if a < b else ">" if a > b else "="))
`;
  const answers = await askPackaging(
    t,
    program,
    pairs.map(([a, b]) => `${a} ${b}`),
  );
  if (answers === undefined) return;
  const ours = pairs.map(([a, b]) => {
    const valid = [pypiVersions.valid(a), pypiVersions.valid(b)];
    const order = valid.every(Boolean) ? '<=>'[Math.sign(pypiVersions.compare(a, b)) + 1] : '?';
    return `${valid.map(Number).join('')}${order}`;
  });
  const wrong = pairs.map((pair, i) => [...pair, ours[i], answers[i]]).filter(([, , our, their]) => our !== their);
  assert.deepEqual(wrong.slice(0, 10), []);
  const compared = answers.filter((answer) => !answer.endsWith('?')).length;
  assert.ok(compared > 10_000, `${compared} pairs of valid versions`);
  t.diagnostic(`${compared} pairs of valid versions compared`);
});

test('a version with a local label lies in a range when packaging says that the specifier holds it', async (t) => {
  const random = seeded(7);
  const triples = makePairs(6_000, 8)
    .map(([a, b]) => [`${withoutLabel(a)}+cu118`, pick(random, ['<', '<=', '==']), withoutLabel(b)] as const)
    .filter(([a, , b]) => pypiVersions.valid(a) && pypiVersions.valid(b));
  const program = `
import sys
from packaging.specifiers import SpecifierSet
for line in sys.stdin:
    version, operator, bound = line.rstrip("\\n").split(" ")
    print(int(SpecifierSet(operator + bound).contains(version, prereleases=True)))
`;
  const answers = await askPackaging(
    t,
    program,
    triples.map((triple) => triple.join(' ')),
  );
  if (answers === undefined) return;
  const wrong = triples.filter(([version, operator, bound], i) => {
    const place = { arch: null, source: null, locations: [], ownedBy: null, held: false };
    const [key] = pypi.advisoryKeys({ purl: '', type: 'pypi', name: 'x', version, ...place }, undefined);
    const order = pypiVersions.compare(key?.version ?? '', bound);
    const ours = operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : order === 0;
    // `<1.0` leaves out pre-releases of 1.0, which advisories mean: the range is by order alone.
    const isOwnPrerelease = operator === '<' && order < 0 && answers[i] === '0';
    return Number(ours) !== Number(answers[i]) && !isOwnPrerelease;
  });
  assert.ok(triples.length > 1_000, `${triples.length}`);
  assert.deepEqual(wrong.slice(0, 10), []);
});

test('names as packaging normalises them', async (t) => {
  const random = seeded(3);
  const names = Array.from({ length: 5_000 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(random, [...'aZ09-_.'])).join(''),
  );
  const program =
    'import sys\nfrom packaging.utils import canonicalize_name\nfor line in sys.stdin: print(canonicalize_name(line.rstrip("\\n")))';
  const answers = await askPackaging(t, program, names);
  if (answers === undefined) return;
  assert.deepEqual(names.map(normaliseName), answers);
  const twice = answers.map(normaliseName);
  assert.deepEqual(twice, answers);
  const refused = names.filter((name) => typeof pypiIdentity(name, '1') === 'string');
  // The grammar of names: letters and digits at both ends.
  assert.deepEqual(
    refused,
    names.filter((name) => !/^[A-Za-z0-9](.*[A-Za-z0-9])?$/.test(name)),
  );
});
