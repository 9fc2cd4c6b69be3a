import { action } from '../../action.ts';
import { choice, required, whole } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { eventNotes, eventOperation, eventRule } from '../../views/event-operation.ts';

/** One rule on sensitive files. */
export const getImageEventOperation = action({
  name: 'GetImageEventOperation',
  level: 'read',
  tier: 2,
  summary: 'tells a rule on sensitive files',
  parameters: { Id: required(whole()), Lang: choice('zh', 'en') },
  run: async ({ Id }, context) => {
    const rule = await eventRule(Id, context);
    return { ...successBody, Data: { ...eventOperation(rule), ...eventNotes(rule) } };
  },
});
