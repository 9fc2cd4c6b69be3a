import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { debVersions } from '../../versions.ts';
import type { Candidate, PackageFacts, PackageUniverse } from '../universe.ts';
import type { InstalledUnit, Obstacle } from './contract.ts';
import { solve } from './solve.ts';

type Facts = Partial<PackageFacts> & { readonly held?: boolean };

/** `name version` with whatever else matters. */
function unit(label: string, facts: Facts = {}): InstalledUnit {
  const [name = '', version = ''] = label.split(' ');
  return {
    name,
    version,
    arch: 'amd64',
    source: { name, version },
    multiArch: 'no',
    preDepends: '',
    depends: '',
    breaks: '',
    conflicts: '',
    provides: '',
    held: false,
    ...facts,
  };
}

function candidate(label: string, facts: Facts = {}): Candidate {
  const origin = { archive: 'toy', suite: 'toy', component: 'main' };
  return { ...unit(label, facts), path: 'pool/x.deb', size: 1, sha256: '', installedSize: 0, ...origin };
}

function universe(candidates: readonly Candidate[]): PackageUniverse {
  const sorted = [...candidates].sort((a, b) => debVersions.compare(b.version, a.version));
  return {
    arch: 'amd64',
    candidates: (name) => sorted.filter((one) => one.name === name),
    providers: (name) => sorted.filter((one) => one.provides.split(/[ ,(]+/).includes(name)),
    indexes: [],
    suites: [],
    diagnostics: [],
  };
}

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

  test('more than the allowed number of new packages is a conflict', () => {
    const names = Array.from({ length: 21 }, (_, index) => `new${index}`);
    const offered = [candidate('a 2', { depends: names.join(', ') }), ...names.map((name) => candidate(`${name} 1`))];
    const input = { universe: universe(offered), roots: ['a'], obstacles: new Map(), maxNew: 20 };
    const solution = solve({ ...input, installed: [unit('a 1')] });
    assert.deepEqual(solution.upgrades, []);
    assert.equal(solution.failed.get('a')?.outcome, 'conflict');
  });

  test('a chain longer than the rounds ends without a plan, not without end', () => {
    const installed = Array.from({ length: 100 }, (_, i) => unit(`p${i} 1`, { depends: `p${i + 1} (= 1)` }));
    const offered = Array.from({ length: 100 }, (_, i) =>
      candidate(`p${i} 2`, { depends: i < 99 ? `p${i + 1} (= 2)` : 'absent' }),
    );
    const input = { universe: universe(offered), roots: ['p0'], obstacles: new Map(), maxNew: 20 };
    const solution = solve({ ...input, installed });
    assert.deepEqual(solution.upgrades, []);
    assert.equal(solution.failed.get('p0')?.outcome, 'conflict');
  });

  test('the order of the input does not matter', () => {
    const offered = [
      candidate('a 2', { depends: 'b (>= 2) | c (>= 2)' }),
      candidate('b 2', { breaks: 'd (<< 2)' }),
      candidate('c 2'),
      candidate('d 2'),
    ];
    const installed = [unit('a 1'), unit('b 1'), unit('c 1'), unit('d 1')];
    const input = { roots: ['a'], obstacles: new Map(), maxNew: 20 };
    const forward = solve({ ...input, installed, universe: universe(offered) });
    const backward = solve({
      ...input,
      installed: installed.toReversed(),
      universe: universe(offered.toReversed()),
    });
    assert.deepEqual(forward, backward);
    assert.equal(forward.upgrades.length, 3);
  });
});

test('what the image never met is told, without versions, and does not stop an upgrade', () => {
  const solution = solve({
    installed: [
      unit('a 1', { depends: 'shell (>= 1) | other-shell' }),
      unit('b 1', { preDepends: 'c (>= 2)' }),
      unit('c 1'),
    ],
    universe: universe([candidate('a 2', { depends: 'shell (>= 2) | other-shell' })]),
    roots: ['a'],
    obstacles: new Map(),
    maxNew: 0,
  });
  assert.deepEqual(
    solution.upgrades.map(({ candidate: { name, version } }) => `${name} ${version}`),
    ['a 2'],
  );
  assert.deepEqual(solution.unmet, ['a needs shell|other-shell', 'b needs c']);
});
