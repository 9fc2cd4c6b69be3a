import { debVersions } from '../../versions.ts';
import type { Candidate, PackageFacts, PackageUniverse } from '../universe.ts';
import type { InstalledUnit, SolvedUpgrade } from './contract.ts';
import { architectureFits, type Relation, type RelationGroup, relationsOf, satisfies } from './relations.ts';

/**
 * The packages as they would be with the current selection: an installed package counts with the version that the
 * selection brings for it.
 */
export class World {
  readonly native: string;
  readonly selected = new Map<string, SolvedUpgrade>();
  readonly #units = new Map<string, PackageFacts>();
  readonly #before = new Map<string, InstalledUnit>();
  /** Installed for another architecture; never change. */
  readonly #foreign: readonly InstalledUnit[];
  /** Names of packages by the virtual names that they provide, before or after. */
  readonly #providers = new Map<string, Set<string>>();

  constructor(installed: readonly InstalledUnit[], native: string) {
    this.native = native;
    this.#foreign = installed.filter((unit) => unit.arch !== native && unit.arch !== 'all');
    for (const unit of installed) {
      this.#note(unit);
      if (unit.arch !== native && unit.arch !== 'all') continue;
      this.#before.set(unit.name, unit);
      this.#units.set(unit.name, unit);
    }
  }

  /** The package as it is in the image. */
  before(name: string): InstalledUnit | undefined {
    return this.#before.get(name);
  }

  /** Whether the package is part of the system after the selection. */
  current(unit: PackageFacts): boolean {
    return this.#units.get(unit.name) === unit || this.#foreign.some((foreign) => foreign === unit);
  }

  select(upgrade: SolvedUpgrade): void {
    this.selected.set(upgrade.candidate.name, upgrade);
    this.#units.set(upgrade.candidate.name, upgrade.candidate);
    this.#note(upgrade.candidate);
  }

  /** All packages after the selection. */
  units(): readonly PackageFacts[] {
    return [...this.#units.values(), ...this.#foreign];
  }

  /** Packages after the selection that could satisfy a relation by name or by what they provide. */
  matching(relation: Relation): readonly PackageFacts[] {
    return this.#possible(relation, this.#units).filter((unit) => satisfies(unit, relation));
  }

  /** Whether a dependency of `dependent` holds after the selection. */
  holds(group: RelationGroup, dependent: PackageFacts): boolean {
    return this.#anyOf(group, dependent, this.#units);
  }

  /** Whether it held in the image as it is. */
  heldBefore(group: RelationGroup, dependent: PackageFacts): boolean {
    return this.#anyOf(group, dependent, this.#before);
  }

  #anyOf(group: RelationGroup, dependent: PackageFacts, units: ReadonlyMap<string, PackageFacts>): boolean {
    return group.alternatives.some((relation) =>
      this.#possible(relation, units).some(
        (unit) => satisfies(unit, relation) && architectureFits(unit, relation, dependent, this.native),
      ),
    );
  }

  #possible(relation: Relation, units: ReadonlyMap<string, PackageFacts>): PackageFacts[] {
    const names = new Set([relation.name, ...(this.#providers.get(relation.name) ?? [])]);
    const own = [...names].map((name) => units.get(name)).filter((unit) => unit !== undefined);
    return [...own, ...this.#foreign.filter((unit) => names.has(unit.name))];
  }

  #note(unit: PackageFacts): void {
    for (const { name } of relationsOf(unit).provides) {
      const known = this.#providers.get(name);
      if (known === undefined) this.#providers.set(name, new Set([unit.name]));
      else known.add(unit.name);
    }
  }
}

/** The best version of a name that is newer than the installed one; undefined when there is none. */
export function newerCandidate(
  universe: PackageUniverse,
  name: string,
  installed: PackageFacts | undefined,
): Candidate | undefined {
  const best = universe.candidates(name)[0];
  if (best === undefined) return undefined;
  if (installed !== undefined && debVersions.compare(best.version, installed.version) <= 0) return undefined;
  return best;
}
