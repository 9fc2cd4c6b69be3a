import { action } from '../../action.ts';
import { pageInfo, pageRequest, paging } from '../../schema/paging.ts';
import { choice, choices, listOf, text } from '../../schema/parameter.ts';
import { successEnvelope } from '../../views/envelope.ts';
import { riskImage } from '../../views/risk-image.ts';
import { acceptanceStatus, imageSelection, riskLists, statusesOf } from '../../views/risks.ts';

/** Images in which a rule for sensitive files hits. */
export const describeImageListBySensitiveFile = action({
  name: 'DescribeImageListBySensitiveFile',
  level: 'read',
  tier: 2,
  summary: 'pages through images with sensitive files',
  parameters: {
    ...paging(20),
    ImageDigest: text(),
    Lang: choice('zh', 'en'),
    RepoInstanceId: text(),
    RepoName: text(),
    RepoNamespace: text(),
    RiskLevel: choices('high', 'medium', 'low'),
    ScanRange: listOf('image', 'container'),
    SensitiveFileKey: text(128),
    Status: choice('0', '1', '2'),
  },
  run: async (input, context) => {
    const page = await riskLists(context).images({
      kind: 'sensitive',
      places: imageSelection(input),
      query: {
        ...(input.SensitiveFileKey !== undefined && { rules: [input.SensitiveFileKey] }),
        ...(input.RiskLevel && { levels: input.RiskLevel }),
        ...(input.Status !== undefined && { statuses: statusesOf(acceptanceStatus, Number(input.Status)) }),
      },
      page: pageRequest(input),
    });
    return {
      ...successEnvelope,
      ImageInfos: page.rows.map((entry) => ({
        ...riskImage(entry),
        InstanceName: entry.image.registry.name,
        Status: String(acceptanceStatus[entry.status]),
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
