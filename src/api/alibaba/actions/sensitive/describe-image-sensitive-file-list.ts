import { action } from '../../action.ts';
import { pageInfo, pageRequest, paging } from '../../schema/paging.ts';
import { choice, choices, list, listOf, text } from '../../schema/parameter.ts';
import { successEnvelope } from '../../views/envelope.ts';
import { acceptanceStatus, imageSelection, inLang, riskLists } from '../../views/risks.ts';

/** Rules for sensitive files with their hits. */
export const describeImageSensitiveFileList = action({
  name: 'DescribeImageSensitiveFileList',
  level: 'read',
  tier: 2,
  summary: 'pages through rules for sensitive files with numbers of hits',
  parameters: {
    Criteria: text(256),
    CriteriaType: choice('SensitiveFileKey', 'SensitiveFileName'),
    ...paging(20),
    ImageUuid: text(64),
    Lang: choice('zh', 'en'),
    RiskLevel: choices('high', 'medium', 'low'),
    ScanRange: listOf('image', 'container'),
    SensitiveKeyList: list(),
  },
  run: async (input, context) => {
    const byKey = input.CriteriaType === 'SensitiveFileKey' ? input.Criteria : undefined;
    const byTitle = input.CriteriaType === 'SensitiveFileKey' ? undefined : input.Criteria;
    const keys = byKey === undefined ? input.SensitiveKeyList : [byKey];
    const page = await riskLists(context).groups(
      {
        kind: 'sensitive',
        places: imageSelection(input),
        query: {
          ...(keys !== undefined && { rules: keys }),
          ...(byTitle !== undefined && { title: { of: 'rule', contains: byTitle } }),
          ...(input.RiskLevel && { levels: input.RiskLevel }),
        },
        page: pageRequest(input),
      },
      'rule',
    );
    return {
      ...successEnvelope,
      PageInfo: pageInfo(input, page),
      SensitiveFileList: page.rows.map((group) => ({
        Advice: inLang(group.advice, input.Lang),
        ClassKey: group.classKey,
        ClassName: inLang(group.className, input.Lang),
        Count: group.hits.total,
        Description: inLang(group.description, input.Lang),
        FirstScanTime: group.firstSeen,
        LastScanTime: group.lastSeen,
        RiskLevel: group.level,
        SensitiveFileKey: group.ruleKey,
        SensitiveFileName: inLang(group.title, input.Lang),
        Status: acceptanceStatus[group.status] === 0 ? 0 : 1,
        UnprocessedNum: group.openImages,
      })),
    };
  },
});
