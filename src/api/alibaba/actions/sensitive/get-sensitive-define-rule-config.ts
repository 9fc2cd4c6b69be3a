import { action } from '../../action.ts';
import { choice } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { ruleTree } from '../../views/risks.ts';

/** The rules for sensitive files, and which of them scans use. */
export const getSensitiveDefineRuleConfig = action({
  name: 'GetSensitiveDefineRuleConfig',
  level: 'read',
  tier: 2,
  summary: 'tells the rules for sensitive files and which are selected',
  parameters: { Lang: choice('zh', 'en'), Source: choice('image', 'agentless') },
  run: async ({ Lang }, { services: { risks }, call }) => {
    const selection = await risks.selection(call, 'sensitive');
    return {
      ...successBody,
      Data: {
        EnableNewRule: Number(selection.enableNew),
        Id: selection.id,
        RuleCount: selection.total,
        RuleTree: ruleTree(risks.catalogue('sensitive'), selection.selected, Lang),
        SelectedCount: selection.selected.length,
      },
    };
  },
});
