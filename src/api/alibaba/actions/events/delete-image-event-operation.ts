import { action } from '../../action.ts';
import { required, whole } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { eventRule } from '../../views/event-operation.ts';

/** Takes back what was accepted of sensitive files. */
export const deleteImageEventOperation = action({
  name: 'DeleteImageEventOperation',
  level: 'write',
  tier: 2,
  summary: 'takes back a rule on sensitive files',
  parameters: { Id: required(whole()) },
  run: async ({ Id }, context) => {
    const rule = await eventRule(Id, context);
    await context.services.decisions.revoke(context.call, [rule.id]);
    return { ...successBody, Data: { Id: rule.id } };
  },
});
