import { action } from '../../action.ts';
import { choice, choices } from '../../schema/parameter.ts';
import { inLang } from '../../views/risks.ts';

/** Classes of malicious files, for filters. */
export const describeMatchedMaliciousNames = action({
  name: 'DescribeMatchedMaliciousNames',
  level: 'read',
  tier: 2,
  summary: 'tells the classes of malicious files',
  parameters: { Lang: choice('zh', 'en'), Levels: choices('serious', 'suspicious', 'remind') },
  run: async ({ Lang, Levels }, { services }) => {
    const { rules } = services.risks.catalogue('malicious');
    const chosen = rules.filter(({ level }) => Levels === undefined || Levels.some((wanted) => wanted === level));
    const classes = new Map(chosen.map(({ key, title }) => [key, inLang(title, Lang)]));
    const Data = [...classes].map(([Key, DisplayName]) => ({ DisplayName, Key }));
    return { Count: Data.length, Data };
  },
});
