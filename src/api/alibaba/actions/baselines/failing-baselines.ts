import type { Page, RiskGroup } from '../../../../service/index.ts';
import type { ActionContext } from '../../action.ts';
import { type Paging, pageRequest } from '../../schema/paging.ts';
import { imageSelection, type RiskPlaces, riskLists } from '../../views/risks.ts';
import { type TitleCriteria, titleFilter } from './title-filter.ts';

/** A page of the baselines that fail in the images that a request names. */
export function failingBaselines(
  input: RiskPlaces &
    TitleCriteria &
    Paging & { readonly RiskLevel?: readonly ('high' | 'medium' | 'low')[] | undefined },
  context: ActionContext,
): Promise<Page<RiskGroup>> {
  const query = { ...titleFilter(input), ...(input.RiskLevel && { levels: input.RiskLevel }) };
  return riskLists(context).groups(
    { kind: 'baseline', places: imageSelection(input), query, page: pageRequest(input) },
    'name',
  );
}
