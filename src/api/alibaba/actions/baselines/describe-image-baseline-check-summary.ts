import { action } from '../../action.ts';
import { pageInfo, paging } from '../../schema/paging.ts';
import { choice, choices, listOf, text } from '../../schema/parameter.ts';
import { imagesByLevel, inLang } from '../../views/risks.ts';
import { failingBaselines } from './failing-baselines.ts';

/** Baselines with the number of images in which they fail. */
export const describeImageBaselineCheckSummary = action({
  name: 'DescribeImageBaselineCheckSummary',
  level: 'read',
  tier: 1,
  summary: 'pages through baselines with numbers of affected images',
  parameters: {
    ClusterId: text(),
    Criteria: text(256),
    CriteriaType: choice('BaselineNameAlias', 'BaselineClassAlias'),
    ...paging(20),
    Lang: choice('zh', 'en'),
    RiskLevel: choices('high', 'medium', 'low'),
    ScanRange: listOf('image', 'container'),
  },
  run: async (input, context) => {
    const page = await failingBaselines(input, context);
    return {
      BaselineResultSummary: page.rows.map((group) => ({
        BaselineClassAlias: inLang(group.className, input.Lang),
        BaselineClassKey: group.classKey,
        BaselineNameAlias: inLang(group.name, input.Lang),
        BaselineNameKey: group.nameKey,
        BaselineNameLevel: group.level,
        FirstScanTime: group.firstSeen,
        LastScanTime: group.lastSeen,
        // A digest never changes: what fails in it stays open, whatever was decided.
        Status: 0,
        ...imagesByLevel(group),
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
