import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RuleHit } from '../../src/detectors/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { pick, type Random, seeded } from '../support/random.ts';
import { scanBytes, usableRules } from '../support/rule-scan.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';
import { condition, hexString, pieceOf, regexString, sampleFile, textString } from '../support/yara-rules.ts';

/** What a rule finds in a file: null where it does not match, else offsets, with lengths where both mean the same by them. */
type Found = string | null;

interface Round {
  readonly rules: readonly string[];
  readonly files: readonly Buffer[];
}

/** Rules that yara itself cannot use on these files (it refuses some, and ends with an assertion on others) are left out. */
async function yaraVerdicts(
  directory: string,
  { rules, files }: Round,
  tell: Teller,
): Promise<Map<string, Map<string, Found>>> {
  await mkdir(directory, { recursive: true });
  for (const [index, file] of files.entries()) await writeFile(join(directory, `f${index}`), file);
  const whole = await yara(directory, rules, tell);
  if (whole !== null) return whole;
  const verdicts = new Map<string, Map<string, Found>>();
  for (const rule of rules) {
    for (const [name, found] of (await yara(directory, [rule], tell)) ?? []) verdicts.set(name, found);
  }
  return verdicts;
}

type Teller = (offset: number, length: number) => string;

async function yara(
  directory: string,
  rules: readonly string[],
  tell: Teller,
): Promise<Map<string, Map<string, Found>> | null> {
  const file = `${directory}.yar`;
  await writeFile(file, rules.join('\n'));
  const { code, stdout, stderr } = await run('yara', ['-p', '1', '-s', '-L', '-r', '-w', file, directory]);
  if (code !== 0 || stderr !== '') return null;
  const verdicts = new Map(rules.map((rule) => [nameOf(rule), new Map<string, Found>()]));
  let matches: { readonly offset: number; readonly length: number }[] = [];
  let close = (): void => {};
  for (const line of stdout.split('\n')) {
    const header = /^(r\d+) .*\/(f\d+)$/.exec(line);
    const match = /^0x([0-9a-f]+):(\d+):\$/.exec(line);
    if (header !== null) {
      close();
      const own: typeof matches = [];
      matches = own;
      close = () => verdicts.get(header[1] ?? '')?.set(header[2] ?? '', list(own, tell));
    } else if (match !== null) matches.push({ offset: Number.parseInt(match[1] ?? '', 16), length: Number(match[2]) });
  }
  close();
  return verdicts;
}

/** As many matches as a hit names. */
function list(matches: RuleHit['matches'], tell: Teller): string {
  const sorted = [...matches].sort((a, b) => a.offset - b.offset || a.length - b.length);
  return sorted
    .slice(0, 64)
    .map(({ offset, length }) => tell(offset, length))
    .join(' ');
}

const nameOf = (rule: string): string => /^rule (\w+)/.exec(rule)?.[1] ?? '';

/** Compares all rules on all files and returns how many pairs that were. */
async function compare(t: TestContext, make: (random: Random) => Round, tell: Teller, seeds: number): Promise<number> {
  await using temporary = await temporaryDirectory();
  let pairs = 0;
  let matched = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const round = make(seeded(seed));
    const verdicts = await yaraVerdicts(join(temporary.path, `s${seed}`), round, tell);
    const set = usableRules(round.rules.filter((rule) => verdicts.has(nameOf(rule))).join('\n'));
    for (const [index, file] of round.files.entries()) {
      const own = new Map(scanBytes(set, file, [7, 64, 1]).map((hit) => [hit.rule, list(hit.matches, tell)]));
      for (const [name, found] of verdicts) {
        const theirs = found.get(`f${index}`) ?? null;
        pairs++;
        if (theirs !== null) matched++;
        if ((own.get(name) ?? null) === theirs) continue;
        const rule = round.rules.find((text) => nameOf(text) === name);
        assert.equal(
          own.get(name) ?? null,
          theirs,
          `seed ${seed}: ${rule} on ${JSON.stringify(file.toString('latin1'))}`,
        );
      }
    }
  }
  t.diagnostic(`${pairs} pairs, ${matched} of them match`);
  return pairs;
}

const files = (random: Random, strings: readonly string[]): Buffer[] =>
  Array.from({ length: 40 }, () => {
    const pieces = Array.from({ length: 3 }, () => pieceOf(random, pick(random, strings)));
    return sampleFile(random, pieces);
  });

/** Rules that always match and so show where their string does. */
function showing(make: (random: Random) => string): (random: Random) => Round {
  return (random) => {
    const strings = Array.from({ length: 60 }, () => make(random));
    const rules = strings.map((string, index) => `rule r${index} { strings: $a = ${string} condition: #a >= 0 }`);
    return { rules, files: files(random, strings) };
  };
}

const exact: Teller = (offset, length) => `${offset}+${length}`;

test('texts match where yara finds them', async (t) => {
  if (!needs(t, 'yara')) return;
  assert.ok((await compare(t, showing(textString), exact, 2)) > 4_000);
});

test('hex strings match where yara finds them', async (t) => {
  if (!needs(t, 'yara')) return;
  assert.ok((await compare(t, showing(hexString), exact, 3)) > 6_000);
});

test('regular expressions match where yara finds them', async (t) => {
  if (!needs(t, 'yara')) return;
  // Only offsets: yara shortens the matches of repeated groups that can be empty.
  assert.ok((await compare(t, showing(regexString), (offset) => `${offset}`, 3)) > 6_000);
});

test('conditions hold where yara says so', async (t) => {
  if (!needs(t, 'yara')) return;
  const make = (random: Random): Round => {
    const all: string[] = [];
    const rules = Array.from({ length: 80 }, (_, index) => {
      const strings = ['a', 'b', 'c1', 'c2'].map((name) => {
        const string = random() < 0.6 ? textString(random) : hexString(random);
        all.push(string);
        return `$${name} = ${string}`;
      });
      const named = 'any of them or true';
      return `rule r${index} { strings: ${strings.join(' ')} condition: (${named}) and (${condition(random)}) }`;
    });
    return { rules, files: files(random, all) };
  };
  assert.ok((await compare(t, make, () => '', 3)) > 6_000);
});
