import { action } from '../action.ts';
import { emptyPage, pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { choice, text } from '../schema/parameter.ts';
import { successEnvelope } from '../views/envelope.ts';
import { targetOf } from '../views/whitelist.ts';

/** Accepted vulnerabilities. */
export const describeImageVulWhiteList = action({
  name: 'DescribeImageVulWhiteList',
  level: 'read',
  tier: 1,
  summary: 'pages through accepted vulnerabilities',
  parameters: {
    AliasName: text(256),
    ...paging(20),
    Lang: choice('zh', 'en'),
    Source: choice('image', 'agentless'),
  },
  run: async (input, { services, call, now }) => {
    const started = now();
    const request = pageRequest(input);
    const page =
      input.Source === 'agentless'
        ? emptyPage
        : await services.decisions.page(call, {
            kind: 'whitelist',
            ...(input.AliasName === undefined ? {} : { text: input.AliasName }),
            page: request,
          });
    return {
      ...successEnvelope,
      TimeCost: now() - started,
      ImageVulWhitelist: page.rows.map((rule) => ({
        AliasName: rule.title ?? rule.vulnerabilities.join(','),
        Id: rule.id,
        Name: rule.vulnerabilities.join(','),
        Reason: rule.reason,
        Target: targetOf(rule.scope),
        Type: rule.findingKind ?? undefined,
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
