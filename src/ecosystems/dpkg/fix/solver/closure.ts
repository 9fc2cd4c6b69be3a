import type { Candidate, PackageFacts } from '../universe.ts';
import type { InstalledUnit, Obstacle, SolvedUpgrade, SolverInput } from './contract.ts';
import { architectureFits, type RelationGroup, relationsOf, satisfies } from './relations.ts';
import { newerCandidate, World } from './world.ts';

/** What one attempt came to: a consistent selection, or packages that cannot move. */
export type Attempt =
  | { readonly world: World; readonly blocked?: undefined }
  | { readonly blocked: ReadonlyMap<string, Obstacle> };

type Reason = SolvedUpgrade['reason'];

/** Packages that must stay as they are, or out, with the reason. */
export type Obstacles = ReadonlyMap<string, Obstacle>;

const strength: Readonly<Record<Reason, number>> = { requested: 2, dependency: 1, 'same source': 0 };

/**
 * Selects the roots and everything that they pull in until nothing changes. Makes no choice that it would have to
 * take back: whoever cannot be satisfied is reported, and the caller tries again without it.
 */
export function attempt(input: SolverInput, obstacles: Obstacles): Attempt {
  const run = new Closure(input, obstacles);
  return run.run();
}

class Closure {
  readonly #input: SolverInput;
  readonly #obstacles: Obstacles;
  readonly #world: World;
  readonly #blocked = new Map<string, Obstacle>();
  #added = 0;

  constructor(input: SolverInput, obstacles: Obstacles) {
    this.#input = input;
    this.#obstacles = obstacles;
    this.#world = new World(input.installed, input.universe.arch);
  }

  run(): Attempt {
    for (const name of [...this.#input.roots].sort()) {
      if (!this.#obstacles.has(name)) this.#select(name, 'requested');
    }
    // Every pass selects at least one more package or ends, so this stops.
    for (let before = -1; before !== this.#world.selected.size && this.#blocked.size === 0; ) {
      before = this.#world.selected.size;
      this.#settleDependencies();
      if (this.#blocked.size === 0) this.#settleVictims();
      if (this.#blocked.size === 0) this.#settleConflicts();
      if (this.#blocked.size === 0 && before === this.#world.selected.size) this.#joinSources();
    }
    return this.#blocked.size > 0 ? { blocked: this.#blocked } : { world: this.#world };
  }

  #selection(): readonly SolvedUpgrade[] {
    return [...this.#world.selected.values()].sort((a, b) => (a.candidate.name < b.candidate.name ? -1 : 1));
  }

  /** Moves a package to its best version; false when it may not or there is none. */
  #select(name: string, reason: Reason): boolean {
    if (this.#world.selected.has(name) || this.#obstacles.has(name)) return false;
    const installed = this.#world.before(name);
    const candidate = newerCandidate(this.#input.universe, name, installed);
    if (candidate === undefined) return false;
    if (installed === undefined && ++this.#added > this.#input.maxNew) return false;
    this.#world.select({ candidate, from: installed?.version ?? null, reason });
    return true;
  }

  #settleDependencies(): void {
    for (const { candidate } of this.#selection()) {
      for (const group of relationsOf(candidate).depends) {
        if (this.#world.holds(group, candidate) || this.#tolerated(group, candidate)) continue;
        if (!this.#satisfy(group, candidate)) this.#block(candidate.name, `needs ${group.text}`, group);
      }
    }
  }

  /** A dependency that the installed version had already without it being met: the image lives without it. */
  #tolerated(group: RelationGroup, dependent: PackageFacts): boolean {
    const before = this.#world.before(dependent.name);
    if (before === undefined) return false;
    const names = namesOf(group);
    return relationsOf(before).depends.some((old) => namesOf(old) === names && !this.#world.heldBefore(old, before));
  }

  /** Prefers a newer version of something installed, then something new; alternatives in their order. */
  #satisfy(group: RelationGroup, dependent: Candidate): boolean {
    const options = this.#optionsFor(group, dependent);
    const installed = options.filter((name) => this.#world.before(name) !== undefined);
    const added = options.filter((name) => this.#world.before(name) === undefined);
    return [...installed, ...added].some((name) => this.#select(name, 'dependency'));
  }

  #optionsFor(group: RelationGroup, dependent: Candidate): string[] {
    const { universe } = this.#input;
    const names = new Set<string>();
    for (const relation of group.alternatives) {
      const offers = [universe.candidates(relation.name)[0], ...universe.providers(relation.name)];
      for (const offer of offers) {
        if (offer === undefined || universe.candidates(offer.name)[0] !== offer) continue;
        const fits = satisfies(offer, relation) && architectureFits(offer, relation, dependent, universe.arch);
        if (fits && newerCandidate(universe, offer.name, this.#world.before(offer.name))) names.add(offer.name);
      }
    }
    return [...names];
  }

  /** Dependencies of packages that stay must still hold; else they move too, or what broke them may not. */
  #settleVictims(): void {
    for (const unit of this.#staying()) {
      for (const group of relationsOf(unit).depends) {
        if (this.#world.holds(group, unit) || !this.#world.heldBefore(group, unit)) continue;
        if (this.#world.before(unit.name) === unit && this.#select(unit.name, 'dependency')) break;
        const culprit = this.#selection().find(({ candidate }) => this.#served(group, candidate.name));
        if (culprit === undefined) continue;
        this.#refuse(culprit.candidate.name, `${unit.name} needs ${group.text}`, unit.name);
        return;
      }
    }
  }

  /** Whether the installed version of a package had a part in satisfying a group. */
  #served(group: RelationGroup, name: string): boolean {
    const before = this.#world.before(name);
    return before !== undefined && group.alternatives.some((relation) => satisfies(before, relation));
  }

  #settleConflicts(): void {
    for (const unit of this.#world.units()) {
      // An earlier step of this loop may have replaced it.
      if (!this.#world.current(unit)) continue;
      const own = this.#world.selected.get(unit.name);
      for (const group of relationsOf(unit).conflicts) {
        for (const other of group.alternatives.flatMap((relation) => this.#world.matching(relation))) {
          if (other.name === unit.name) continue;
          const theirs = this.#world.selected.get(other.name);
          // Both as in the image: not our concern.
          if (own?.candidate !== unit && theirs?.candidate !== other) continue;
          if (!this.#resolveConflict(unit, other, group)) return;
        }
      }
    }
  }

  /** Moves the one that stays; false when that is not possible and somebody was blocked. */
  #resolveConflict(unit: PackageFacts, other: PackageFacts, group: RelationGroup): boolean {
    const staying = [unit, other].find((one) => this.#world.selected.get(one.name)?.candidate !== one);
    if (staying !== undefined && this.#select(staying.name, 'dependency')) return true;
    const moving = [unit, other].map((one) => this.#world.selected.get(one.name)).filter((one) => one !== undefined);
    moving.sort((a, b) => strength[a.reason] - strength[b.reason]);
    const weakest = moving[0];
    if (weakest !== undefined) {
      const why = `${unit.name} ${unit.version} breaks or conflicts with ${group.text}`;
      this.#refuse(weakest.candidate.name, why, staying?.name);
    }
    return false;
  }

  /** Packages of one source that had one version before have one afterwards, where that is possible. */
  #joinSources(): void {
    const moved = this.#selection();
    for (const unit of this.#staying()) {
      const candidate = newerCandidate(this.#input.universe, unit.name, unit);
      if (candidate === undefined) continue;
      const partner = moved.find((one) => {
        const before = this.#world.before(one.candidate.name);
        if (before?.source.name !== unit.source.name || before.source.version !== unit.source.version) return false;
        return sameSource(one.candidate, candidate);
      });
      if (partner !== undefined) this.#select(unit.name, 'same source');
    }
  }

  #staying(): readonly InstalledUnit[] {
    return this.#input.installed.filter(({ name }) => !this.#world.selected.has(name));
  }

  /** Blocks a package whose own dependency cannot be met; the outcome of what stands in the way goes on to it. */
  #block(name: string, why: string, group: RelationGroup): void {
    const causes = group.alternatives.map((relation) => this.#obstacles.get(relation.name));
    const cause = causes.find((one) => one !== undefined);
    const outcome = cause?.outcome ?? 'conflict';
    const because = cause === undefined ? '' : `: ${cause.detail}`;
    this.#blocked.set(name, { outcome, detail: `${name} ${why}${because}` });
  }

  /** Blocks a package because of one that stays. */
  #refuse(name: string, why: string, staying: string | undefined): void {
    const cause = staying === undefined ? undefined : this.#obstacles.get(staying);
    const because = cause === undefined ? '' : `; ${cause.detail}`;
    this.#blocked.set(name, { outcome: cause?.outcome ?? 'conflict', detail: `${name} cannot move: ${why}${because}` });
  }
}

function sameSource(a: Candidate, b: Candidate): boolean {
  return a.source.name === b.source.name && a.source.version === b.source.version;
}

function namesOf(group: RelationGroup): string {
  return group.alternatives.map(({ name }) => name).join('|');
}
