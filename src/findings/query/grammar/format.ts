import type { FieldTest, Filter } from '../contract.ts';
import { normaliseFilter } from './normalise.ts';

/** The text form of a filter: `parseFilter` of it is the normalised filter again. */
export function formatFilter(filter: Filter): string {
  const normal = normaliseFilter(filter);
  return 'and' in normal ? normal.and.map(inner).join(' ') : inner(normal);
}

function inner(filter: Filter): string {
  if ('field' in filter) return formatTest(filter);
  if ('not' in filter) return `-${inner(filter.not)}`;
  if ('and' in filter) return `(${filter.and.map(inner).join(' ')})`;
  return `(${filter.or.map(inner).join(' or ')})`;
}

function formatTest(test: FieldTest): string {
  if (test.op === 'is') return `${test.field}:${test.value}`;
  if (test.op === 'in') return `${test.field}:${test.values.map(formatValue).join(',')}`;
  // Numbers are written as JavaScript does: the shortest text that reads back the same.
  if (test.op === 'ge') return `${test.field}>=${test.values.join(',')}`;
  if (test.op === 'le') return `${test.field}<=${test.values.join(',')}`;
  const [before, after] = test.op === 'contains' ? ['*', '*'] : ['', '*'];
  return `${test.field}:${test.values.map((value) => before + formatValue(value) + after).join(',')}`;
}

function formatValue(value: string | number): string {
  if (typeof value === 'number') return String(value);
  return /^[^\0-\x20\s,"()*\\]+$/u.test(value) ? value : `"${value.replaceAll(/["\\]/gu, '\\$&')}"`;
}
