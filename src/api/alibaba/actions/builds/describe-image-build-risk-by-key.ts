import type { RiskHit } from '../../../../service/index.ts';
import { action } from '../../action.ts';
import { pageRequest, paging } from '../../schema/paging.ts';
import { choice, text, whole } from '../../schema/parameter.ts';
import { hexDigest } from '../../views/digests.ts';
import { dataPage } from '../../views/envelope.ts';
import { acceptanceStatus, imageSelection, inLang, promptOf, riskLists, statusesOf } from '../../views/risks.ts';

/** Hits of a rule on build instructions in an image, with the masked instruction. */
export const describeImageBuildRiskByKey = action({
  name: 'DescribeImageBuildRiskByKey',
  level: 'read',
  tier: 2,
  summary: 'pages through hits of a rule on build instructions',
  parameters: {
    ...paging(20),
    ImageUuid: text(64),
    Lang: choice('zh', 'en'),
    RiskKey: text(128),
    Status: whole(0, 2),
  },
  run: async (input, context) => {
    const page = await riskLists(context).hits({
      kind: 'instruction',
      places: imageSelection(input),
      query: {
        ...(input.RiskKey !== undefined && { rules: [input.RiskKey] }),
        ...(input.Status !== undefined && { statuses: statusesOf(acceptanceStatus, input.Status) }),
      },
      page: pageRequest(input),
    });
    return dataPage(
      input,
      page,
      page.rows.map((hit) => ({
        Advice: inLang(hit.advice, input.Lang),
        Description: inLang(hit.description, input.Lang),
        ...layerOf(hit),
        Promt: promptOf(hit),
        RiskClass: hit.classKey,
        RiskClassName: inLang(hit.className, input.Lang),
        RiskKey: hit.ruleKey,
        RiskKeyName: inLang(hit.title, input.Lang),
        RiskLevel: hit.level,
      })),
    );
  },
});

/** The instruction is the evidence itself: masked where it was found. */
function layerOf({ finding }: RiskHit): object {
  const first = finding.kind === 'baseline' ? finding.evidence[0] : undefined;
  return { LayerCmd: first?.excerpt ?? '', LayerDigest: first?.layer ? hexDigest(first.layer) : '' };
}
