import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { VersionScheme } from '../../src/ecosystems/index.ts';

/** The same numbers on every run: a linear congruential generator (Numerical Recipes) with a fixed seed. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

/** How versions of one world are made up. */
export interface VersionAlphabet {
  /** What versions begin with. */
  readonly starts: readonly string[];
  /** What is put together and inserted. */
  readonly fragments: readonly string[];
  readonly mostFragments: number;
}

/** Texts that may be versions; half of a pair differ in one inserted fragment only, where mistakes hide. */
export function makePairs(alphabet: VersionAlphabet, count: number, seed: number): [string, string][] {
  const random = generator(seed);
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? '';
  const make = (): string => {
    let version = pick(alphabet.starts);
    for (let parts = random(alphabet.mostFragments + 1); parts > 0; parts--) version += pick(alphabet.fragments);
    return version;
  };
  return Array.from({ length: count }, () => {
    const a = make();
    const cut = random(a.length + 1);
    const b = random(2) === 0 ? make() : a.slice(0, cut) + pick(alphabet.fragments) + a.slice(cut);
    return random(2) === 0 ? [a, b] : [b, a];
  });
}

/**
 * Pairs on which a program and a scheme do not agree. The program reads a pair a line, apart by a tab, and answers
 * `-1`, `0`, `1`, or `x` where one of the two is no version.
 * @param differs whether an answer of the scheme is another on purpose.
 */
export async function disagreements(
  pairs: readonly (readonly [string, string])[],
  scheme: VersionScheme,
  command: readonly [string, ...string[]],
  differs: (a: string, b: string) => boolean = () => false,
): Promise<{ readonly wrong: string[]; readonly valid: number }> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(pairs.map(([a, b]) => `${a}\t${b}\n`).join(''));
  const answers = (await text(child.stdout)).trimEnd().split('\n');
  if (answers.length !== pairs.length) throw new Error(`${answers.length} answers to ${pairs.length} questions`);
  const wrong: string[] = [];
  let valid = 0;
  pairs.forEach(([a, b], index) => {
    const known = scheme.valid(a) && scheme.valid(b);
    if (known) valid++;
    const ours = known ? String(Math.sign(scheme.compare(a, b)) + 0) : 'x';
    if (ours !== answers[index] && !differs(a, b)) wrong.push(`${a} ${b}: ${ours} instead of ${answers[index]}`);
  });
  return { wrong, valid };
}
