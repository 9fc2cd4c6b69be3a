import { action } from '../../action.ts';
import { invalid } from '../../errors.ts';
import { maxJsonBytes, parseStrictJson } from '../../protocol/strict-json.ts';
import { choice, required, text, whole } from '../../schema/parameter.ts';
import { refusing } from '../../views/refusing.ts';

/** Chooses the items that scans check. */
export const saveImageBaselineStrategy = action({
  name: 'SaveImageBaselineStrategy',
  level: 'write',
  tier: 2,
  summary: 'chooses the baseline items that scans check',
  parameters: {
    BaselineItemList: required(text(maxJsonBytes)),
    ImageVulClean: whole(1, 3650),
    Lang: choice('zh', 'en'),
    Source: choice('default', 'agentless'),
    StrategyId: whole(),
    StrategyName: text(128),
  },
  run: async (input, { services, call }) => {
    // Servers are not looked at: a selection for them would never be used.
    if (input.Source === 'agentless') throw invalid('Source');
    await refusing(
      'BaselineItemList',
      services.risks.saveStrategy(call, {
        type: 'own',
        items: itemsOf(input.BaselineItemList),
        ...(input.StrategyId !== undefined && { id: input.StrategyId }),
        ...(input.StrategyName !== undefined && { name: input.StrategyName }),
        ...(input.ImageVulClean !== undefined && { keepDays: input.ImageVulClean }),
      }),
      { id: 'StrategyId', name: 'StrategyName', keepDays: 'ImageVulClean' },
    );
    return {};
  },
});

/** Keys between commas, a JSON array of keys, or of the objects that `DescribeImageBaselineStrategy` tells. */
function itemsOf(value: string): readonly string[] {
  if (!value.trimStart().startsWith('['))
    return value
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '');
  let items: unknown;
  try {
    items = parseStrictJson(value, { maxBytes: maxJsonBytes, maxDepth: 3 });
  } catch {
    throw invalid('BaselineItemList');
  }
  if (!Array.isArray(items) || items.length > 1000) throw invalid('BaselineItemList');
  return items.map((item: unknown) => {
    const key = typeof item === 'string' ? item : keyOf(item);
    if (typeof key !== 'string') throw invalid('BaselineItemList');
    return key;
  });
}

function keyOf(item: unknown): unknown {
  const { ItemKey, itemKey = ItemKey } = (item ?? {}) as { readonly ItemKey?: unknown; readonly itemKey?: unknown };
  return itemKey;
}
