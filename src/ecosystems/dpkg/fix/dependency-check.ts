import type { DpkgDatabase, DpkgPackage } from './database.ts';
import { installedUnit } from './installed-unit.ts';
import { architectureFits, dependencyKey, type Relation, relationsOf, satisfies } from './solver/relations.ts';
import type { PackageFacts } from './universe.ts';

/**
 * Relations of the database that do not hold, as sentences. Only those that an upgraded package has or serves: what
 * was broken before is not our doing, `unmetBefore` of the plan included. `native` is Debian's name of the image's
 * architecture.
 */
export function brokenRelations(
  database: DpkgDatabase,
  upgraded: readonly DpkgPackage[],
  native: string | undefined,
  unmetBefore: readonly string[] = [],
): string[] {
  const tolerated = new Set(unmetBefore);
  const units = new Map(database.installed.map((record) => [record, installedUnit(record)]));
  const providers = providersOf([...units.values()]);
  const touched = new Set(upgraded.map((record) => units.get(record)));
  const names = new Set([...touched].flatMap((unit) => (unit ? offersOf(unit) : [])));
  const candidates = (relation: Relation): readonly PackageFacts[] =>
    (providers.get(relation.name) ?? []).filter((unit) => satisfies(unit, relation));
  const broken: string[] = [];
  for (const unit of units.values()) {
    const { depends, conflicts } = relationsOf(unit);
    for (const group of depends) {
      const { alternatives, text } = group;
      if (tolerated.has(dependencyKey(unit.name, group))) continue;
      if (!touched.has(unit) && !alternatives.some(({ name }) => names.has(name))) continue;
      const holds = alternatives.some((relation) =>
        candidates(relation).some((other) => architectureFits(other, relation, unit, native ?? unit.arch)),
      );
      if (!holds) broken.push(`${unit.name}:${unit.arch} needs ${text}`);
    }
    for (const { alternatives, text } of conflicts) {
      const [relation] = alternatives;
      if (!relation || (!touched.has(unit) && !names.has(relation.name))) continue;
      const rival = candidates(relation).find((other) => other.name !== unit.name && isMeant(other, relation));
      if (rival) broken.push(`${unit.name}:${unit.arch} breaks or conflicts with ${text}, which is installed`);
    }
  }
  return broken;
}

/** A conflict without an architecture is one with all of them. */
function isMeant({ arch }: PackageFacts, { qualifier }: Relation): boolean {
  return qualifier === undefined || qualifier === 'any' || arch === 'all' || arch === qualifier;
}

function providersOf(units: readonly PackageFacts[]): ReadonlyMap<string, readonly PackageFacts[]> {
  const providers = new Map<string, PackageFacts[]>();
  for (const unit of units) {
    for (const name of new Set(offersOf(unit))) {
      const known = providers.get(name);
      if (known === undefined) providers.set(name, [unit]);
      else known.push(unit);
    }
  }
  return providers;
}

/** The names under which a package can be depended on. */
function offersOf(unit: PackageFacts): string[] {
  return [unit.name, ...relationsOf(unit).provides.map(({ name }) => name)];
}
