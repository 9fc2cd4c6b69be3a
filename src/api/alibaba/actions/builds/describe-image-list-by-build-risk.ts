import { action } from '../../action.ts';
import { pageRequest, paging } from '../../schema/paging.ts';
import { choice, choices, text, whole } from '../../schema/parameter.ts';
import { dataPage } from '../../views/envelope.ts';
import { riskImage } from '../../views/risk-image.ts';
import { acceptanceStatus, imageSelection, riskLists, statusesOf } from '../../views/risks.ts';

/** Images whose build breaks a rule. */
export const describeImageListByBuildRisk = action({
  name: 'DescribeImageListByBuildRisk',
  level: 'read',
  tier: 2,
  summary: 'pages through images with risky build instructions',
  parameters: {
    Criteria: text(256),
    CriteriaType: choice('RepoNamespace', 'RepoName'),
    ...paging(20),
    Lang: choice('zh', 'en'),
    RiskKey: text(128),
    RiskLevel: choices('high', 'medium', 'low'),
    Status: whole(0, 2),
  },
  run: async (input, context) => {
    const place = input.CriteriaType ?? 'RepoName';
    const page = await riskLists(context).images({
      kind: 'instruction',
      places: imageSelection({ [place]: input.Criteria }),
      query: {
        ...(input.RiskKey !== undefined && { rules: [input.RiskKey] }),
        ...(input.RiskLevel && { levels: input.RiskLevel }),
        ...(input.Status !== undefined && { statuses: statusesOf(acceptanceStatus, input.Status) }),
      },
      page: pageRequest(input),
    });
    const rows = page.rows.map((entry) => ({ ...riskImage(entry), Status: acceptanceStatus[entry.status] }));
    return dataPage(input, page, rows);
  },
});
