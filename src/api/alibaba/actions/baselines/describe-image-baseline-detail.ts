import { action } from '../../action.ts';
import { choice, text } from '../../schema/parameter.ts';
import { imageSelection, inLang, promptOf, riskLists } from '../../views/risks.ts';

/** Text, evidence and advice of one item of one image; an empty detail where it does not fail. */
export const describeImageBaselineDetail = action({
  name: 'DescribeImageBaselineDetail',
  level: 'read',
  tier: 1,
  summary: 'tells evidence and advice of a failed item of an image',
  parameters: { BaselineItemKey: text(256), ImageUuid: text(64), Lang: choice('zh', 'en') },
  run: async (input, context) => {
    const { rows } = await riskLists(context).hits({
      kind: 'baseline',
      places: imageSelection(input),
      query: input.BaselineItemKey === undefined ? {} : { rules: [input.BaselineItemKey] },
      page: { offset: 0, limit: 1 },
    });
    const [hit] = rows;
    if (hit === undefined) return { BaselineDetail: {} };
    return {
      BaselineDetail: {
        Advice: inLang(hit.advice, input.Lang),
        BaselineClassAlias: inLang(hit.className, input.Lang),
        BaselineItemAlias: inLang(hit.title, input.Lang),
        BaselineItemKey: hit.ruleKey,
        BaselineNameAlias: inLang(hit.name, input.Lang),
        Description: inLang(hit.description, input.Lang),
        Level: hit.level,
        Prompt: promptOf(hit),
        ResultId: '',
      },
    };
  },
});
