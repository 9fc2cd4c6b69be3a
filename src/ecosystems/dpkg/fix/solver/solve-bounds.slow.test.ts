import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidate, unit, universe } from '../../../../../test/support/toy-universe.ts';
import { solve } from './solve.ts';

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
