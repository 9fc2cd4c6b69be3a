import { parseRelations, type Relation } from '../solver/relations.ts';

/** Fields whose value is a list of package relations; dpkg writes them in a normal form. */
export const relationFields: ReadonlySet<string> = new Set([
  'breaks',
  'conflicts',
  'depends',
  'enhances',
  'pre-depends',
  'provides',
  'recommends',
  'replaces',
  'suggests',
]);

/**
 * The one-line form in which dpkg stores relations (`a (>= 1) | b, c`), or undefined when a part is no relation, so
 * that the caller refuses the package instead of writing a record that dpkg could not read.
 */
export function normaliseRelations(value: string): string | undefined {
  const groups: string[] = [];
  for (const { alternatives } of parseRelations(value)) {
    if (alternatives.some(({ name }) => name === '?')) return undefined;
    groups.push(alternatives.map(writeRelation).join(' | '));
  }
  return groups.join(', ');
}

function writeRelation({ name, qualifier, constraint }: Relation): string {
  const version = constraint === undefined ? '' : ` (${constraint.operator} ${dropZeroEpoch(constraint.version)})`;
  return `${name}${qualifier === undefined ? '' : `:${qualifier}`}${version}`;
}

/** A version as dpkg writes it: an epoch of zero is left out. */
export function dropZeroEpoch(version: string): string {
  const epoch = /^0+:/.exec(version);
  return epoch ? version.slice(epoch[0].length) : version;
}
