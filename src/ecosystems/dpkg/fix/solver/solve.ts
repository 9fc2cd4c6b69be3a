import { attempt } from './closure.ts';
import type { InstalledUnit, Obstacle, Solution, SolverInput } from './contract.ts';
import { dependencyKey, relationsOf } from './relations.ts';
import type { World } from './world.ts';

const maxRounds = 64;

/**
 * Chooses the versions that repair the roots, by the rules of fix-engine.md §7. Pure and deterministic: the same
 * input gives the same solution. Versions only rise, nothing is removed; a root that cannot move drops out together
 * with what only it needed, and the rest is solved again.
 */
export function solve(input: SolverInput): Solution {
  const obstacles = new Map([...obstaclesOfImage(input), ...input.obstacles]);
  for (let round = 0; round < maxRounds; round++) {
    const result = attempt(input, obstacles);
    if (result.blocked === undefined) {
      const upgrades = [...result.world.selected.values()];
      upgrades.sort((a, b) => (a.candidate.name < b.candidate.name ? -1 : 1));
      return { upgrades, failed: failures(input, obstacles), unmet: unmetDependencies(result.world) };
    }
    for (const [name, obstacle] of result.blocked) obstacles.set(name, obstacle);
  }
  const detail = `the dependencies are not settled after ${maxRounds} rounds`;
  for (const root of input.roots) if (!obstacles.has(root)) obstacles.set(root, { outcome: 'conflict', detail });
  return { upgrades: [], failed: failures(input, obstacles), unmet: [] };
}

/** What the image itself forbids: holds, and packages that must move for all architectures together. */
function obstaclesOfImage({ installed, universe }: SolverInput): Map<string, Obstacle> {
  const found = new Map<string, Obstacle>();
  const isForeign = ({ arch }: InstalledUnit): boolean => arch !== universe.arch && arch !== 'all';
  for (const unit of installed) {
    if (unit.held) found.set(unit.name, { outcome: 'held', detail: `${unit.name} is on hold in the image` });
    else if (isForeign(unit) && unit.multiArch === 'same') {
      const detail = `${unit.name} is also installed for ${unit.arch}, whose packages are not configured`;
      found.set(unit.name, { outcome: 'conflict', detail });
    }
  }
  return found;
}

/** What does not hold at the end did not hold before either, or the selection would not have been accepted. */
function unmetDependencies(world: World): string[] {
  const unmet = new Set<string>();
  for (const unit of world.units()) {
    for (const group of relationsOf(unit).depends) {
      if (!world.holds(group, unit)) unmet.add(dependencyKey(unit.name, group));
    }
  }
  return [...unmet].sort();
}

function failures(input: SolverInput, obstacles: ReadonlyMap<string, Obstacle>): Map<string, Obstacle> {
  const failed = new Map<string, Obstacle>();
  for (const root of input.roots) {
    const obstacle = obstacles.get(root);
    if (obstacle !== undefined) failed.set(root, obstacle);
  }
  return failed;
}
