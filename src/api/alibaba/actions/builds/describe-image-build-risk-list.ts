import { action } from '../../action.ts';
import { pageRequest, paging } from '../../schema/paging.ts';
import { choice, choices, text } from '../../schema/parameter.ts';
import { dataPage } from '../../views/envelope.ts';
import { imageSelection, inLang, riskLists } from '../../views/risks.ts';

/** Rules on build instructions with the number of images that break them. */
export const describeImageBuildRiskList = action({
  name: 'DescribeImageBuildRiskList',
  level: 'read',
  tier: 2,
  summary: 'pages through rules on build instructions with numbers of images',
  parameters: {
    Criteria: text(256),
    CriteriaType: choice('RiskKeyName', 'RiskClassName'),
    ...paging(20),
    Lang: choice('zh', 'en'),
    RiskLevel: choices('high', 'medium', 'low'),
  },
  run: async (input, context) => {
    const of = input.CriteriaType === 'RiskClassName' ? 'class' : 'rule';
    const page = await riskLists(context).groups(
      {
        kind: 'instruction',
        places: imageSelection({}),
        query: {
          ...(input.Criteria !== undefined && { title: { of, contains: input.Criteria } }),
          ...(input.RiskLevel && { levels: input.RiskLevel }),
        },
        page: pageRequest(input),
      },
      'rule',
    );
    return dataPage(
      input,
      page,
      page.rows.map((group) => ({
        Count: group.images.total,
        FirstScanTime: group.firstSeen,
        LastScanTime: group.lastSeen,
        RiskClass: group.classKey,
        RiskClassName: inLang(group.className, input.Lang),
        RiskKey: group.ruleKey,
        RiskKeyName: inLang(group.title, input.Lang),
        RiskLevel: group.level,
        UnprocessedNum: group.openImages,
      })),
    );
  },
});
