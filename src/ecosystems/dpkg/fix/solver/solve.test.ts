import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { candidate, unit, universe } from '../../../../../test/support/toy-universe.ts';
import type { Candidate } from '../universe.ts';
import type { InstalledUnit, Obstacle } from './contract.ts';
import { solve } from './solve.ts';

interface Case {
  readonly name: string;
  readonly installed: readonly InstalledUnit[];
  readonly offered: readonly Candidate[];
  /** Default: `a`. */
  readonly roots?: readonly string[];
  readonly obstacles?: Readonly<Record<string, Obstacle>>;
  readonly maxNew?: number;
  /** `name version reason`, sorted. */
  readonly expect: readonly string[];
  readonly failed?: Readonly<Record<string, Obstacle['outcome']>>;
}

const sourceKit = (version: string) => ({ source: { name: 'kit', version } });

/** Expectations follow from deb-control(5) and the rules of fix-engine.md §7. */
const cases: readonly Case[] = [
  {
    name: 'the highest version is chosen',
    installed: [unit('a 1')],
    offered: [candidate('a 2'), candidate('a 3'), candidate('a 2.5')],
    expect: ['a 3 requested'],
  },
  { name: 'never a downgrade', installed: [unit('a 3')], offered: [candidate('a 2')], expect: [] },
  {
    name: 'epochs and tildes count as in dpkg',
    installed: [unit('a 9')],
    offered: [candidate('a 1:1'), candidate('a 1:1~rc1')],
    expect: ['a 1:1 requested'],
  },
  {
    name: 'a dependency that holds already stays as it is',
    installed: [unit('a 1'), unit('b 2')],
    offered: [candidate('a 2', { depends: 'b (>= 2)' }), candidate('b 3')],
    expect: ['a 2 requested'],
  },
  {
    name: 'a newer dependency is pulled in, pre-dependencies alike, through several steps',
    installed: [unit('a 1'), unit('b 1'), unit('c 1')],
    offered: [candidate('a 2', { preDepends: 'b (>= 2)' }), candidate('b 2', { depends: 'c (= 2)' }), candidate('c 2')],
    expect: ['a 2 requested', 'b 2 dependency', 'c 2 dependency'],
  },
  {
    name: 'an alternative that is installed wins over a newer one and over a new one',
    installed: [unit('a 1'), unit('c 1')],
    offered: [candidate('a 2', { depends: 'b | c' }), candidate('b 1'), candidate('c 2')],
    expect: ['a 2 requested'],
  },
  {
    name: 'an upgrade wins over a new package named before it',
    installed: [unit('a 1'), unit('c 1')],
    offered: [candidate('a 2', { depends: 'b | c (>= 2)' }), candidate('b 1'), candidate('c 2')],
    expect: ['a 2 requested', 'c 2 dependency'],
  },
  {
    name: 'a new package is added when nothing installed serves',
    installed: [unit('a 1')],
    offered: [candidate('a 2', { depends: 'b' }), candidate('b 1')],
    expect: ['a 2 requested', 'b 1 dependency'],
  },
  {
    name: 'a new package is not added where the layout allows none',
    installed: [unit('a 1')],
    offered: [candidate('a 2', { depends: 'b' }), candidate('b 1')],
    maxNew: 0,
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'a dependency that was already unmet in the image does not hinder',
    installed: [unit('a 1', { depends: 'debconf | debconf-2.0' })],
    offered: [candidate('a 2', { depends: 'debconf | debconf-2.0' })],
    maxNew: 0,
    expect: ['a 2 requested'],
  },
  {
    name: 'a provided name serves an unversioned dependency',
    installed: [unit('a 1'), unit('b 1', { provides: 'mta' })],
    offered: [candidate('a 2', { depends: 'mta' })],
    expect: ['a 2 requested'],
  },
  {
    name: 'an unversioned provision does not serve a versioned dependency',
    installed: [unit('a 1'), unit('b 5', { provides: 'api' })],
    offered: [candidate('a 2', { depends: 'api (>= 3)' })],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'a versioned provision does',
    installed: [unit('a 1'), unit('b 1', { provides: 'api (= 4)' })],
    offered: [candidate('a 2', { depends: 'api (>= 3)' })],
    expect: ['a 2 requested'],
  },
  {
    name: 'a new version of an installed provider is found by the virtual name',
    installed: [unit('a 1'), unit('b 1', { provides: 'api (= 1)' })],
    offered: [candidate('a 2', { depends: 'api (= 2)' }), candidate('b 2', { provides: 'api (= 2)' })],
    expect: ['a 2 requested', 'b 2 dependency'],
  },
  {
    name: 'one failing root does not hold back another',
    installed: [unit('a 1'), unit('b 1')],
    offered: [candidate('a 2', { depends: 'absent' }), candidate('b 2')],
    roots: ['a', 'b'],
    expect: ['b 2 requested'],
    failed: { a: 'conflict' },
  },
  {
    name: 'what only a failing root needed is dropped with it',
    installed: [unit('a 1'), unit('c 1')],
    offered: [candidate('a 2', { depends: 'c (>= 2), absent' }), candidate('c 2')],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'a hold stays',
    installed: [unit('a 1', { held: true })],
    offered: [candidate('a 2')],
    expect: [],
    failed: { a: 'held' },
  },
  {
    name: 'a hold that would have to change stops the package that needs it',
    installed: [unit('a 1'), unit('b 1', { held: true })],
    offered: [candidate('a 2', { depends: 'b (>= 2)' }), candidate('b 2')],
    expect: [],
    failed: { a: 'held' },
  },
  {
    name: 'a hole of the mirror goes on to the packages that need it',
    installed: [unit('a 1'), unit('b 1'), unit('c 1')],
    offered: [candidate('a 2', { depends: 'b (>= 2)' }), candidate('b 2', { depends: 'c (>= 2)' }), candidate('c 2')],
    obstacles: { c: { outcome: 'download_failed', detail: 'c 2 is missing' } },
    expect: [],
    failed: { a: 'download_failed' },
  },
  {
    name: 'binaries of one source move together',
    installed: [unit('a 1', sourceKit('1')), unit('b 1', sourceKit('1')), unit('c 1')],
    offered: [candidate('a 2', sourceKit('2')), candidate('b 2', sourceKit('2')), candidate('c 2')],
    expect: ['a 2 requested', 'b 2 same source'],
  },
  {
    name: 'the wish to move together yields to a hold',
    installed: [unit('a 1', sourceKit('1')), unit('b 1', { ...sourceKit('1'), held: true })],
    offered: [candidate('a 2', sourceKit('2')), candidate('b 2', sourceKit('2'))],
    expect: ['a 2 requested'],
  },
  {
    name: 'the wish to move together yields to an unmet dependency of the sibling',
    installed: [unit('a 1', sourceKit('1')), unit('b 1', sourceKit('1'))],
    offered: [candidate('a 2', sourceKit('2')), candidate('b 2', { ...sourceKit('2'), depends: 'absent' })],
    expect: ['a 2 requested'],
  },
  {
    name: 'a sibling whose best version is of another source version stays',
    installed: [unit('a 1', sourceKit('1')), unit('b 1', sourceKit('1'))],
    offered: [candidate('a 2', sourceKit('2')), candidate('b 3', sourceKit('3'))],
    expect: ['a 2 requested'],
  },
  {
    name: 'an installed package that needs the old version moves too',
    installed: [unit('a 1'), unit('b 1', { depends: 'a (= 1)' })],
    offered: [candidate('a 2'), candidate('b 2', { depends: 'a (= 2)' })],
    expect: ['a 2 requested', 'b 2 dependency'],
  },
  {
    name: 'an installed package that needs the old version and cannot move is a conflict',
    installed: [unit('a 1'), unit('b 1', { depends: 'a (= 1)' })],
    offered: [candidate('a 2')],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'losing a provided name counts like losing a version',
    installed: [unit('a 1', { provides: 'api' }), unit('b 1', { depends: 'api' })],
    offered: [candidate('a 2')],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'a new version that breaks an installed one moves it too',
    installed: [unit('a 1'), unit('b 1')],
    offered: [candidate('a 2', { breaks: 'b (<< 2)' }), candidate('b 2')],
    expect: ['a 2 requested', 'b 2 dependency'],
  },
  {
    name: 'a new version that breaks an installed one for good is a conflict, not a removal',
    installed: [unit('a 1'), unit('b 1')],
    offered: [candidate('a 2', { conflicts: 'b' })],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'breaks of an installed package against the new version count as well',
    installed: [unit('a 1'), unit('b 1', { breaks: 'a (>= 2)' })],
    offered: [candidate('a 2')],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'a conflict with a virtual name that the package itself provides is none',
    installed: [unit('a 1', { provides: 'mta', conflicts: 'mta' })],
    offered: [candidate('a 2', { provides: 'mta', conflicts: 'mta' })],
    expect: ['a 2 requested'],
  },
  {
    name: 'a conflict that the image lives with already is not ours',
    installed: [unit('a 1'), unit('b 1', { conflicts: 'c' }), unit('c 1')],
    offered: [candidate('a 2')],
    expect: ['a 2 requested'],
  },
  {
    name: 'python3:any is served by a package that allows it',
    installed: [unit('a 1'), unit('python3 3.11', { multiArch: 'allowed' })],
    offered: [candidate('a 2', { depends: 'python3:any (>= 3.9~)' })],
    expect: ['a 2 requested'],
  },
  {
    name: 'a package of another architecture does not serve, unless it is Multi-Arch: foreign',
    installed: [unit('a 1'), unit('b 1', { arch: 'i386' }), unit('c 1', { arch: 'i386', multiArch: 'foreign' })],
    offered: [candidate('a 2', { depends: 'b' })],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'Multi-Arch: foreign serves every architecture',
    installed: [unit('a 1'), unit('c 1', { arch: 'i386', multiArch: 'foreign' })],
    offered: [candidate('a 2', { depends: 'c' })],
    expect: ['a 2 requested'],
  },
  {
    name: 'Multi-Arch: same moves for all architectures or not at all',
    installed: [unit('a 1', { multiArch: 'same' }), unit('a 1', { arch: 'i386', multiArch: 'same' })],
    offered: [candidate('a 2', { multiArch: 'same' })],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'a package may become architecture-independent',
    installed: [unit('a 1')],
    offered: [candidate('a 2', { arch: 'all' })],
    expect: ['a 2 requested'],
  },
  {
    name: 'a damaged relation is satisfied by nothing',
    installed: [unit('a 1'), unit('b 1')],
    offered: [candidate('a 2', { depends: 'b (>> )' })],
    expect: [],
    failed: { a: 'conflict' },
  },
  {
    name: 'circular dependencies settle',
    installed: [unit('a 1', { depends: 'b (= 1)' }), unit('b 1', { depends: 'a (= 1)' })],
    offered: [candidate('a 2', { depends: 'b (= 2)' }), candidate('b 2', { depends: 'a (= 2)' })],
    expect: ['a 2 requested', 'b 2 dependency'],
  },
];

describe('solver', () => {
  for (const { name, installed, offered, roots, obstacles, maxNew, expect, failed } of cases) {
    test(name, () => {
      const solution = solve({
        installed,
        universe: universe(offered),
        roots: roots ?? ['a'],
        obstacles: new Map(Object.entries(obstacles ?? {})),
        maxNew: maxNew ?? 20,
      });
      const chosen = solution.upgrades.map((one) => `${one.candidate.name} ${one.candidate.version} ${one.reason}`);
      assert.deepEqual(chosen, expect);
      const outcomes = Object.fromEntries([...solution.failed].map(([root, { outcome }]) => [root, outcome]));
      assert.deepEqual(outcomes, failed ?? {});
    });
  }
});
