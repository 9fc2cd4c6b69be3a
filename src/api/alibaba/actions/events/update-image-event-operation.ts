import { action } from '../../action.ts';
import { invalid, missing } from '../../errors.ts';
import { choice, document, required, text, whole } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { conditionsOf, eventRule, scenarioOf } from '../../views/event-operation.ts';
import { refusing } from '../../views/refusing.ts';

/** Changes what sensitive files are accepted. */
export const updateImageEventOperation = action({
  name: 'UpdateImageEventOperation',
  level: 'write',
  tier: 2,
  summary: 'changes a rule on sensitive files',
  parameters: {
    Conditions: required(document()),
    Id: required(whole()),
    Note: text(2048),
    Scenarios: document(),
    Source: choice('image', 'agentless'),
  },
  run: async (input, context) => {
    if (input.Source === 'agentless') throw invalid('Source');
    if (input.Scenarios === undefined && input.Source === undefined) throw missing('Scenarios');
    const rule = await eventRule(input.Id, context);
    await refusing(
      'Conditions',
      context.services.decisions.update(context.call, rule.id, {
        conditions: conditionsOf(input.Conditions),
        ...(input.Note !== undefined && { reason: input.Note }),
        ...(input.Scenarios !== undefined && { scope: scenarioOf(input.Scenarios) }),
      }),
    );
    return { ...successBody, Data: { Id: rule.id } };
  },
});
