import type { RiskQuery } from '../../../../service/index.ts';

/** `Criteria` in titles of baselines or of their classes. */
export function titleFilter(input: {
  readonly Criteria?: string | undefined;
  readonly CriteriaType?: 'BaselineNameAlias' | 'BaselineClassAlias' | undefined;
}): Pick<RiskQuery, 'title'> {
  if (input.Criteria === undefined) return {};
  return { title: { of: input.CriteriaType === 'BaselineClassAlias' ? 'class' : 'name', contains: input.Criteria } };
}
