import { action } from '../../action.ts';
import { pageInfo, paging } from '../../schema/paging.ts';
import { choice, choices, listOf, required, text } from '../../schema/parameter.ts';
import { inLang } from '../../views/risks.ts';
import { failingBaselines } from './failing-baselines.ts';

/** Baselines that fail in one image, with numbers of items. */
export const describeImageBaselineCheckResult = action({
  name: 'DescribeImageBaselineCheckResult',
  level: 'read',
  tier: 1,
  summary: 'pages through the failing baselines of an image',
  parameters: {
    Criteria: text(256),
    CriteriaType: choice('BaselineNameAlias', 'BaselineClassAlias'),
    ...paging(20),
    ImageUuid: required(text(64)),
    Lang: choice('zh', 'en'),
    RiskLevel: choices('high', 'medium', 'low'),
    ScanRange: listOf('image', 'container'),
  },
  run: async (input, context) => {
    const page = await failingBaselines(input, context);
    return {
      BaselineResult: page.rows.map((group) => ({
        BaselineClassAlias: inLang(group.className, input.Lang),
        BaselineItemCount: group.hits.total,
        BaselineNameAlias: inLang(group.name, input.Lang),
        BaselineNameKey: group.nameKey,
        BaselineNameLevel: group.level,
        FirstScanTime: group.firstSeen,
        HighRiskItemCount: group.hits.high,
        LastScanTime: group.lastSeen,
        LowRiskItemCount: group.hits.low,
        MiddleRiskItemCount: group.hits.medium,
        Status: 0,
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
