import { action } from '../../action.ts';
import { invalid } from '../../errors.ts';
import { choice, document, whole } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { refusing } from '../../views/refusing.ts';
import { keysOfConfig } from '../../views/risks.ts';

/** Chooses the rules for sensitive files that scans use. */
export const setSensitiveDefineRuleConfig = action({
  name: 'SetSensitiveDefineRuleConfig',
  level: 'write',
  tier: 2,
  summary: 'chooses the rules for sensitive files',
  parameters: { Config: document(), EnableNewRule: whole(0, 1), Source: choice('image', 'agentless') },
  run: async (input, { services, call }) => {
    if (input.Source === 'agentless') throw invalid('Source');
    const { id } = await refusing(
      'Config',
      services.risks.select(call, 'sensitive', {
        ...(input.Config !== undefined && { selected: keysOfConfig(input.Config) }),
        ...(input.EnableNewRule !== undefined && { enableNew: input.EnableNewRule === 1 }),
      }),
    );
    return { ...successBody, Data: { Id: id } };
  },
});
