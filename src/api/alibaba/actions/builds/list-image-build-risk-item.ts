import { action } from '../../action.ts';
import { choice } from '../../schema/parameter.ts';
import { inLang } from '../../views/risks.ts';

/** The rules on build instructions. */
export const listImageBuildRiskItem = action({
  name: 'ListImageBuildRiskItem',
  level: 'read',
  tier: 2,
  summary: 'lists the rules on build instructions',
  parameters: { Lang: choice('zh', 'en') },
  run: async ({ Lang }, { services }) => ({
    Data: services.risks.catalogue('instruction').rules.map(({ key, title }) => ({
      ItemKey: key,
      ItemName: inLang(title, Lang),
    })),
  }),
});
