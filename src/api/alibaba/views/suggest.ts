import type { ActionContext, Body } from '../action.ts';
import type { Criterion } from './criteria.ts';
import { filterOf, nothing } from './selection.ts';

/**
 * The criteria of a search box. With a typed text: those that it may mean, that is pick lists with a choice that contains
 * it, and fields of which some image has a value that contains it.
 */
export async function suggestCriteria(
  criteria: readonly Criterion[],
  typed: string | undefined,
  { services, call }: ActionContext,
): Promise<Body> {
  const fits = async ({ values, probe }: Criterion): Promise<boolean> => {
    if (typed === undefined) return true;
    if (values !== undefined) return values.some((value) => value.toLowerCase().includes(typed.toLowerCase()));
    const selection = probe?.(typed);
    if (selection === nothing) return false;
    const page = await services.images.page(call, { ...filterOf(selection), page: { offset: 0, limit: 1 } });
    return page.total > 0;
  };
  const kept = await Promise.all(criteria.map(fits));
  return {
    CriteriaList: criteria
      .filter((_criterion, index) => kept[index])
      .map(({ name, values }) => ({
        Name: name,
        Type: values === undefined ? 'input' : 'select',
        Values: values?.join(',') ?? '',
      })),
  };
}
