import { placeInImage } from '../../../../findings/index.ts';
import { action } from '../../action.ts';
import { pageInfo, pageRequest, paging } from '../../schema/paging.ts';
import { choice, listOf, text } from '../../schema/parameter.ts';
import { hexDigest } from '../../views/digests.ts';
import { successEnvelope } from '../../views/envelope.ts';
import { imageSelection, inLang, promptOf, riskLists } from '../../views/risks.ts';

/** Hits of a rule in an image; values are masked. */
export const describeImageSensitiveFileByKey = action({
  name: 'DescribeImageSensitiveFileByKey',
  level: 'read',
  tier: 2,
  summary: 'pages through sensitive files of a rule, masked',
  parameters: {
    ...paging(20),
    ImageUuid: text(64),
    Lang: choice('zh', 'en'),
    ScanRange: listOf('image', 'container'),
    SensitiveFileKey: text(128),
  },
  run: async (input, context) => {
    const page = await riskLists(context).hits({
      kind: 'sensitive',
      places: imageSelection(input),
      query: input.SensitiveFileKey === undefined ? {} : { rules: [input.SensitiveFileKey] },
      page: pageRequest(input),
    });
    return {
      ...successEnvelope,
      PageInfo: pageInfo(input, page),
      SensitiveFileList: page.rows.map((hit) => ({
        Advice: inLang(hit.advice, input.Lang),
        Description: inLang(hit.description, input.Lang),
        FilePath: hit.finding.kind === 'sensitive' ? placeInImage(hit.finding.path) : '',
        FirstScanTime: hit.firstSeen,
        LastScanTime: hit.lastSeen,
        LayerDigest: hit.finding.kind === 'sensitive' && hit.finding.layer ? hexDigest(hit.finding.layer) : '',
        Md5: hit.finding.kind === 'sensitive' ? (hit.finding.md5 ?? '') : '',
        Promt: promptOf(hit),
        RiskLevel: hit.level,
        SensitiveFileKey: hit.ruleKey,
        SensitiveFileName: inLang(hit.title, input.Lang),
      })),
    };
  },
});
