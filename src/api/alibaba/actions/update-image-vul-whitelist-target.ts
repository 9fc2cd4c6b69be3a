import { hasCode } from '../../../kernel/index.ts';
import { action } from '../action.ts';
import { choice, document, required, text, whole } from '../schema/parameter.ts';
import { successEnvelope } from '../views/envelope.ts';
import { refusing } from '../views/refusing.ts';
import { scopeOf, whitelistRule } from '../views/whitelist.ts';

/** Changes reason and scope of an accepted vulnerability; what is absent stays. */
export const updateImageVulWhitelistTarget = action({
  name: 'UpdateImageVulWhitelistTarget',
  level: 'write',
  tier: 1,
  summary: 'changes reason and scope of an acceptance',
  parameters: {
    Id: required(whole(1)),
    Lang: choice('zh', 'en'),
    Reason: text(4096),
    Source: choice('image', 'agentless'),
    Target: document(),
  },
  run: async (input, context) => {
    const change = {
      ...(input.Reason === undefined ? {} : { reason: input.Reason }),
      ...(input.Target === undefined ? {} : { scope: scopeOf(input.Target) }),
    };
    if ((await whitelistRule(input.Id, context)) === null) return { ...successEnvelope, Data: false };
    const update = context.services.decisions.update(context.call, input.Id, change);
    // A decision for all projects is seen by everybody and changed by those who may touch all of them.
    const changed = update.then(
      () => true,
      (error: unknown) => {
        if (hasCode(error, 'not_found')) return false;
        throw error;
      },
    );
    return { ...successEnvelope, Data: await refusing('Id', changed, { scope: 'Target', reason: 'Reason' }) };
  },
});
