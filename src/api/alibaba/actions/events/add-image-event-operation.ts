import { action } from '../../action.ts';
import { invalid } from '../../errors.ts';
import { choice, document, required, text } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { conditionsOf, eventOperation, scenarioOf } from '../../views/event-operation.ts';
import { refusing } from '../../views/refusing.ts';
import { decisionProjects, decisionSource } from '../../views/whitelist.ts';

/** Accepts sensitive files that meet conditions. */
export const addImageEventOperation = action({
  name: 'AddImageEventOperation',
  level: 'write',
  tier: 2,
  summary: 'accepts sensitive files by MD5 or path',
  parameters: {
    Conditions: required(document()),
    EventKey: text(128),
    EventName: text(256),
    EventType: required(choice('sensitiveFile')),
    Note: text(2048),
    OperationCode: required(choice('whitelist')),
    Scenarios: document(),
    Source: choice('image', 'agentless'),
  },
  run: async (input, context) => {
    if (input.Source === 'agentless') throw invalid('Source');
    const decision = {
      kind: 'sensitive' as const,
      vulnerabilities: input.EventKey === undefined ? [] : [input.EventKey.toLowerCase()],
      findingKind: null,
      scope: scenarioOf(input.Scenarios),
      conditions: conditionsOf(input.Conditions),
      reason: input.Note ?? '',
      title: input.EventName ?? null,
      ...{ expiresAt: null, expiresWhen: 'none' as const, source: decisionSource },
    };
    const rules = [];
    for (const projectId of decisionProjects(context)) {
      rules.push(await refusing('EventKey', context.services.decisions.add(context.call, { ...decision, projectId })));
    }
    return { ...successBody, ...(rules[0] !== undefined && { Data: eventOperation(rules[0]) }) };
  },
});
