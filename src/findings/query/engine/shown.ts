import type { Filter } from '../contract.ts';
import { everything } from '../grammar/index.ts';
import { namesField } from './compile.ts';

const namingFields = new Set(['state', 'finding.id']);

/**
 * What lists, counts and files of findings show: what counters count. Findings that a distribution calls unimportant are
 * left out unless the filter names `state` or a record, so that a file never has more rows than the page has findings.
 */
export function shownFindings(filter: Filter | undefined): Filter {
  const asked = filter ?? everything;
  if (namesField(asked, namingFields)) return asked;
  const counted: Filter = { not: { field: 'state', op: 'in', values: ['unimportant'] } };
  return 'and' in asked ? { and: [...asked.and, counted] } : { and: [asked, counted] };
}
