import type { RiskQuery } from '../../../../service/index.ts';

/** What a request looks for in titles. */
export interface TitleCriteria {
  readonly Criteria?: string | undefined;
  readonly CriteriaType?: 'BaselineNameAlias' | 'BaselineClassAlias' | undefined;
}

/** `Criteria` in titles of baselines or of their classes. */
export function titleFilter(input: TitleCriteria): Pick<RiskQuery, 'title'> {
  if (input.Criteria === undefined) return {};
  return { title: { of: input.CriteriaType === 'BaselineClassAlias' ? 'class' : 'name', contains: input.Criteria } };
}
