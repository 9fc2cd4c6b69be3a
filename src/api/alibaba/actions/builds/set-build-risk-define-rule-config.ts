import { action } from '../../action.ts';
import { document } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { refusing } from '../../views/refusing.ts';
import { keysOfConfig } from '../../views/risks.ts';

/** Chooses the rules on build instructions that scans use. */
export const setBuildRiskDefineRuleConfig = action({
  name: 'SetBuildRiskDefineRuleConfig',
  level: 'write',
  tier: 2,
  summary: 'chooses the rules on build instructions',
  parameters: { Config: document() },
  run: async ({ Config }, { services, call }) => {
    const change = Config === undefined ? {} : { selected: keysOfConfig(Config) };
    const { id } = await refusing('Config', services.risks.select(call, 'instruction', change));
    return { ...successBody, Data: { Id: id } };
  },
});
