import type { ActionContext } from '../action.ts';
import { allRows } from './all-pages.ts';
import { allOf, anyOf, filterOf, flagged, nothing, type Selection } from './selection.ts';
import { type FindingFilters, placeSelection, stateSelection } from './vulnerability-filters.ts';

/**
 * What a list of findings selects, with the history of a tag where that is asked for: a digest never changes, but a tag
 * moves on, and a vulnerability that only former digests of the tag had counts as fixed (`7`, handled).
 */
export async function selectionWithHistory(
  input: FindingFilters,
  context: Pick<ActionContext, 'services' | 'call'>,
): Promise<Selection> {
  const place = placeSelection(input);
  const present = allOf(place, stateSelection(input));
  if (!asksForHistory(input) || place === nothing) return present;
  const former = allOf(place, flagged('image.current', false), await goneSince(place, context));
  // A list that names former images would show those of the present state as well.
  return anyOf([allOf(present, flagged('image.current', true)), former]);
}

/** One tag of one repository, and records that are handled or fixed. */
function asksForHistory(input: FindingFilters): boolean {
  const line = input.Tag !== undefined && (input.RepoId !== undefined || input.RepoName !== undefined);
  const exact = input.Digest !== undefined || input.Uuids !== undefined || input.Image !== undefined;
  const fixed = input.StatusList === undefined ? input.Dealed === 'y' : input.StatusList.includes('7');
  return line && !exact && fixed && input.Dealed !== 'n';
}

/** Not among the vulnerabilities of the present images. */
async function goneSince(
  place: Selection,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<Selection> {
  const current = allOf(place, flagged('image.current', true));
  if (current === nothing) return undefined;
  const records = await allRows((page) =>
    services.findings.page(call, { ...filterOf(current), grain: 'record', page }),
  );
  const keys = [...new Set(records.map(({ vulnerability }) => vulnerability.key))];
  return keys.length === 0 ? undefined : { not: { field: 'vuln.key', op: 'in', values: keys } };
}
