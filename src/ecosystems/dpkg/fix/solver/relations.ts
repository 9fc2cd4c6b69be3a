import { debVersions } from '../../versions.ts';
import type { PackageFacts } from '../universe.ts';

/** Comparison of a versioned relation; `<` and `>` of old packages are read as `<=` and `>=`, as dpkg does. */
export type Operator = '<<' | '<=' | '=' | '>=' | '>>';

/** One alternative of a relation field, for example `python3:any (>= 3.9~)`. */
export interface Relation {
  readonly name: string;
  /** Architecture qualifier: `any`, `native` or an architecture. */
  readonly qualifier: string | undefined;
  readonly constraint: { readonly operator: Operator; readonly version: string } | undefined;
}

/** Alternatives of which one must hold; in `Breaks`, `Conflicts` and `Provides` each group has exactly one. */
export interface RelationGroup {
  readonly alternatives: readonly Relation[];
  /** As written, for messages and comparison. */
  readonly text: string;
}

const operators = new Map<string, Operator>([
  ['<<', '<<'],
  ['<=', '<='],
  ['<', '<='],
  ['=', '='],
  ['>=', '>='],
  ['>', '>='],
  ['>>', '>>'],
]);

/**
 * Parses a relation field (deb-control(5)). A part outside the grammar becomes a relation that nothing satisfies, so
 * a package with a damaged field is never selected by mistake.
 */
export function parseRelations(field: string): readonly RelationGroup[] {
  if (field === '') return [];
  return field
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => ({ text, alternatives: text.split('|').map((part) => parseRelation(part.trim())) }));
}

function parseRelation(text: string): Relation {
  const open = text.indexOf('(');
  const named = (open === -1 ? text : text.slice(0, open)).trim();
  const colon = named.indexOf(':');
  const name = colon === -1 ? named : named.slice(0, colon);
  const qualifier = colon === -1 ? undefined : named.slice(colon + 1);
  if (!/^[a-z0-9][a-z0-9+.-]*$/.test(name)) return unsatisfiable;
  if (open === -1) return { name, qualifier, constraint: undefined };
  const match = /^\(\s*([<>=]{1,2})\s*([^\s()]+)\s*\)$/.exec(text.slice(open));
  const operator = operators.get(match?.[1] ?? '');
  const version = match?.[2] ?? '';
  if (operator === undefined || !debVersions.valid(version)) return unsatisfiable;
  return { name, qualifier, constraint: { operator, version } };
}

/** No package can have this name. */
const unsatisfiable: Relation = { name: '?', qualifier: undefined, constraint: undefined };

/** Whether a version meets the constraint of a relation. */
export function versionFits(constraint: Relation['constraint'], version: string): boolean {
  if (constraint === undefined) return true;
  const order = debVersions.compare(version, constraint.version);
  switch (constraint.operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}

/** The relation fields of a package, parsed once. */
export interface ParsedRelations {
  /** `Pre-Depends`, then `Depends`. */
  readonly depends: readonly RelationGroup[];
  /** `Breaks` and `Conflicts`: for a plan both forbid to be together. */
  readonly conflicts: readonly RelationGroup[];
  readonly provides: readonly Relation[];
}

const parsed = new WeakMap<PackageFacts, ParsedRelations>();

/** The parsed relations of a package; remembered as long as the package is. */
export function relationsOf(unit: PackageFacts): ParsedRelations {
  const known = parsed.get(unit);
  if (known !== undefined) return known;
  const made: ParsedRelations = {
    depends: [...parseRelations(unit.preDepends), ...parseRelations(unit.depends)],
    conflicts: [...parseRelations(unit.breaks), ...parseRelations(unit.conflicts)],
    provides: parseRelations(unit.provides).flatMap(({ alternatives }) => alternatives),
  };
  parsed.set(unit, made);
  return made;
}

/**
 * Whether a package satisfies a relation by its own name or by what it provides. A versioned relation is met by a
 * provided name only when that is versioned too (`Provides: x (= 1.2)`).
 */
export function satisfies(unit: PackageFacts, relation: Relation): boolean {
  if (unit.name === relation.name && versionFits(relation.constraint, unit.version)) return true;
  return relationsOf(unit).provides.some((provided) => {
    if (provided.name !== relation.name) return false;
    if (relation.constraint === undefined) return true;
    return provided.constraint?.operator === '=' && versionFits(relation.constraint, provided.constraint.version);
  });
}

/**
 * Whether the architecture of `unit` serves a dependency of `dependent` (multiarch rules of deb-control(5)); packages
 * for `all` count as `native`.
 */
export function architectureFits(
  unit: PackageFacts,
  relation: Relation,
  dependent: PackageFacts,
  native: string,
): boolean {
  const own = unit.arch === 'all' ? native : unit.arch;
  const wanted = dependent.arch === 'all' ? native : dependent.arch;
  if (relation.qualifier === undefined) return own === wanted || unit.multiArch === 'foreign';
  if (relation.qualifier === 'any') return own === wanted || unit.multiArch === 'allowed';
  return own === (relation.qualifier === 'native' ? native : relation.qualifier);
}

/** A dependency without its versions: `a needs b|c`. */
export function dependencyKey(dependent: string, group: RelationGroup): string {
  return `${dependent} needs ${group.alternatives.map(({ name }) => name).join('|')}`;
}
