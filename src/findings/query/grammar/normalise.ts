import type { FieldTest, Filter } from '../contract.ts';
import { QueryError } from '../errors.ts';
import { closest, fieldNamed, suggestField } from './fields.ts';

/** Limits of one filter; beyond them it is refused, so that compiling and running it stays linear and small. */
export const filterLimits = {
  /** Characters of the text form. */
  text: 262_144,
  depth: 32,
  /** Tests, `and`, `or`, `not` together. */
  nodes: 1_000,
  /** Values of all tests together. */
  values: 10_000,
  /** Values that are compared by their beginning or by substring: each of them is looked for in every text. */
  patterns: 100,
  /** Characters of one value. */
  value: 4_096,
} as const;

/** The filter that everything passes. */
export const everything: Filter = { and: [] };

/** The filter that nothing passes. */
export const nothing: Filter = { not: everything };

/**
 * The same filter in its simplest form: no nesting of equal operators, no operator over one operand, no empty list.
 * `formatFilter` and `parseFilter` are inverse up to this.
 */
export function normaliseFilter(filter: Filter): Filter {
  if ('field' in filter) return 'values' in filter && filter.values.length === 0 ? nothing : filter;
  if ('not' in filter) {
    const inner = normaliseFilter(filter.not);
    return 'not' in inner ? inner.not : { not: inner };
  }
  if ('and' in filter) {
    const parts = filter.and.map(normaliseFilter).flatMap((part) => ('and' in part ? part.and : [part]));
    return parts.length === 1 ? (parts[0] as Filter) : { and: parts };
  }
  const parts = filter.or.map(normaliseFilter).flatMap((part) => ('or' in part ? part.or : [part]));
  if (parts.length === 0) return nothing;
  return parts.length === 1 ? (parts[0] as Filter) : { or: parts };
}

/**
 * Checks a filter that did not come through `parseFilter`: limits, fields, operators and closed lists of values.
 * @throws QueryError `filter_limit`, `filter_field`, `filter_value`
 */
export function checkFilter(filter: Filter): void {
  const left = { nodes: filterLimits.nodes, values: filterLimits.values, patterns: filterLimits.patterns };
  checkNode(filter, left, 0);
}

function checkNode(filter: Filter, left: { nodes: number; values: number; patterns: number }, depth: number): void {
  if (depth > filterLimits.depth) throw new QueryError('filter_limit', 'the filter is nested too deeply');
  if (--left.nodes < 0) throw new QueryError('filter_limit', `the filter has more than ${filterLimits.nodes} tests`);
  if ('field' in filter) {
    if ('values' in filter) left.values -= filter.values.length;
    if (filter.op === 'contains' || filter.op === 'prefix') left.patterns -= filter.values.length;
    if (left.patterns < 0) {
      throw new QueryError('filter_limit', `the filter has more than ${filterLimits.patterns} values with a star`);
    }
    if (left.values < 0) throw new QueryError('filter_limit', `the filter has more than ${filterLimits.values} values`);
    checkTest(filter, -1);
    return;
  }
  if ('not' in filter) checkNode(filter.not, left, depth + 1);
  else for (const part of 'and' in filter ? filter.and : filter.or) checkNode(part, left, depth + 1);
}

/**
 * Checks one test. `position` is where its text stands, -1 when it has none.
 * @throws QueryError `filter_field`, `filter_value`, `filter_limit`
 */
export function checkTest(test: FieldTest, position: number): void {
  const field = fieldNamed(test.field);
  if (field === undefined || field.name !== test.field) throw unknownField(test.field, position);
  const type = field.type === 'time' ? 'number' : field.type;
  const operators = { text: ['in', 'contains', 'prefix'], number: ['in', 'ge', 'le'], flag: ['is'] }[type];
  if (!operators.includes(test.op)) {
    throw new QueryError('filter_syntax', `${field.name} cannot be compared by ${test.op}`, { position });
  }
  if (test.op === 'is') {
    if (typeof test.value !== 'boolean') throw new QueryError('filter_value', `${field.name} is true or false`);
    return;
  }
  for (const value of test.values as readonly (string | number)[]) {
    if (type === 'number' ? typeof value !== 'number' || !Number.isFinite(value) : typeof value !== 'string') {
      throw new QueryError('filter_value', `${field.name} is compared with a ${type}`, { position });
    }
    if (typeof value === 'string' && value.length > filterLimits.value) {
      throw new QueryError('filter_limit', `a value of ${field.name} is too long`, { position });
    }
    if (test.op === 'in' && field.values !== undefined && !field.values.includes(value as string)) {
      throw new QueryError('filter_value', `${field.name} is never "${String(value).slice(0, 80)}"`, {
        position,
        suggestion: closest(String(value), field.values),
        hint: `One of: ${field.values.join(', ')}.`,
      });
    }
  }
}

/** The error for a name that is no field. */
export function unknownField(name: string, position: number): QueryError {
  const suggestion = suggestField(name);
  return new QueryError('filter_field', `there is no field "${name.slice(0, 80)}"`, {
    position,
    suggestion,
    hint: suggestion === undefined ? 'The fields are in docs/howto/use-the-filter-grammar.md.' : `Is it ${suggestion}?`,
  });
}
