import { action } from '../../action.ts';
import { choice, whole } from '../../schema/parameter.ts';
import { strategyOf } from '../../views/risks.ts';

/** Which items scans check. */
export const describeImageBaselineStrategy = action({
  name: 'DescribeImageBaselineStrategy',
  level: 'read',
  tier: 2,
  summary: 'tells which baseline items scans check',
  parameters: { Lang: choice('zh', 'en'), Source: choice('default', 'agentless'), StrategyId: whole() },
  run: async (input, { services, call }) => {
    const strategy = strategyOf(await services.risks.strategies(call), input.StrategyId);
    const rules = new Map(services.risks.catalogue('baseline').rules.map((rule) => [rule.key, rule]));
    return {
      Strategy: {
        BaselineItemList: strategy.items.flatMap((key) => {
          const rule = rules.get(key);
          return rule === undefined ? [] : [{ ClassKey: rule.classKey, ItemKey: key, NameKey: rule.nameKey }];
        }),
        ImageVulClean: strategy.keepDays,
        SelectedItemCount: strategy.items.length,
        StrategyId: strategy.id,
        StrategyName: strategy.name,
        TotalItemCount: strategy.totalItems,
        // The vendor knows no word for an own selection.
        Type: strategy.type === 'own' ? 'normal' : strategy.type,
      },
    };
  },
});
