import { action } from '../../action.ts';
import { choice } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { ruleTree } from '../../views/risks.ts';

/** The rules on build instructions, and which of them scans use. */
export const getBuildRiskDefineRuleConfig = action({
  name: 'GetBuildRiskDefineRuleConfig',
  level: 'read',
  tier: 2,
  summary: 'tells the rules on build instructions and which are selected',
  parameters: { Lang: choice('zh', 'en') },
  run: async ({ Lang }, { services: { risks }, call }) => {
    const { id, selected, total } = await risks.selection(call, 'instruction');
    const RuleTree = ruleTree(risks.catalogue('instruction'), selected, Lang);
    return { ...successBody, Data: { Id: id, RuleCount: total, RuleTree, SelectedCount: selected.length } };
  },
});
