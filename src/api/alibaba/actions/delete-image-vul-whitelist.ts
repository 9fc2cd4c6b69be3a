import { action } from '../action.ts';
import { invalid } from '../errors.ts';
import { choice, commaList, required } from '../schema/parameter.ts';
import { successEnvelope } from '../views/envelope.ts';
import { whitelistRule } from '../views/whitelist.ts';

/** Withdraws acceptances; their findings are open again at once. */
export const deleteImageVulWhitelist = action({
  name: 'DeleteImageVulWhitelist',
  level: 'write',
  tier: 1,
  summary: 'withdraws acceptances',
  parameters: { Ids: required(commaList()), Lang: choice('zh', 'en') },
  run: async (input, context) => {
    const ids = input.Ids.map((id) => {
      if (!/^\d{1,16}$/.test(id) || !Number.isSafeInteger(Number(id))) throw invalid('Ids');
      return Number(id);
    });
    const rules = await Promise.all(ids.map((id) => whitelistRule(id, context)));
    const known = rules.flatMap((rule) => rule?.id ?? []);
    const revoked = known.length === 0 ? 0 : await context.services.decisions.revoke(context.call, known);
    return { ...successEnvelope, Data: revoked > 0 };
  },
});
