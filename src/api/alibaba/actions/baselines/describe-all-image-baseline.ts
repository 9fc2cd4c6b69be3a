import { action } from '../../action.ts';
import { choice } from '../../schema/parameter.ts';
import { inLang } from '../../views/risks.ts';

/** The tree of classes, baselines and items that scans may check. */
export const describeAllImageBaseline = action({
  name: 'DescribeAllImageBaseline',
  level: 'read',
  tier: 2,
  summary: 'tells the tree of all baselines and items',
  parameters: { Lang: choice('zh', 'en') },
  run: async ({ Lang }, { services }) => {
    const { rules, classes, names } = services.risks.catalogue('baseline');
    const title = (texts: typeof classes, key: string): string => inLang(texts[key] ?? { en: key, zh: key }, Lang);
    return {
      ImageBaselines: {
        BaselineClassList: [...Map.groupBy(rules, ({ classKey }) => classKey)].map(([ClassKey, ofClass]) => ({
          Alias: title(classes, ClassKey),
          ClassKey,
          BaselineNameList: [...Map.groupBy(ofClass, ({ nameKey }) => nameKey)].map(([NameKey, items]) => ({
            Alias: title(NameKey in names ? names : classes, NameKey),
            ClassKey,
            NameKey,
            BaselineItemList: items.map((rule) => ({
              Alias: inLang(rule.title, Lang),
              ClassKey,
              ItemKey: rule.key,
              NameKey,
            })),
          })),
        })),
      },
    };
  },
});
