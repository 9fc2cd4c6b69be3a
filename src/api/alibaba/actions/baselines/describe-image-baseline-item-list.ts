import { action } from '../../action.ts';
import { emptyPage, pageInfo, pageRequest, paging } from '../../schema/paging.ts';
import { choice, list, listOf, required, text } from '../../schema/parameter.ts';
import { imageSelection, inLang, riskLists } from '../../views/risks.ts';

/** Failed items of one image, with what was accepted of them. */
export const describeImageBaselineItemList = action({
  name: 'DescribeImageBaselineItemList',
  level: 'read',
  tier: 1,
  summary: 'pages through the failed baseline items of an image',
  parameters: {
    BaselineClassKey: text(128),
    BaselineNameKey: text(128),
    ...paging(20),
    ImageUuid: required(text(64)),
    Lang: choice('zh', 'en'),
    ScanRange: listOf('image', 'container'),
    Status: choice('0', '1', '2', '3'),
    Uuids: list(),
  },
  run: async (input, context) => {
    // What is not open has gone with the digest that had it.
    const nothingOpen = input.Status !== undefined && input.Status !== '0';
    const page = nothingOpen
      ? emptyPage
      : await riskLists(context).hits({
          kind: 'baseline',
          places: imageSelection(input),
          query: {
            ...(input.BaselineClassKey !== undefined && { classes: [input.BaselineClassKey] }),
            ...(input.BaselineNameKey !== undefined && { names: [input.BaselineNameKey] }),
          },
          page: pageRequest(input),
        });
    return {
      BaselineItemInfos: page.rows.map((hit) => ({
        BaselineClassAlias: inLang(hit.className, input.Lang),
        BaselineClassKey: hit.classKey,
        BaselineItemAlias: inLang(hit.title, input.Lang),
        BaselineItemKey: hit.ruleKey,
        BaselineNameAlias: inLang(hit.name, input.Lang),
        BaselineNameKey: hit.nameKey,
        Status: 0,
        WhiteList: hit.status === 'open' || hit.status === 'verifying' ? 0 : 1,
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
