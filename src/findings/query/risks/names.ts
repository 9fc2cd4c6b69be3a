import { namesOfRisk } from '../../risks/decide.ts';
import type { RiskView } from './view.ts';

/**
 * Whether an image has an open finding of a name: item or id of a check, key of a sensitive-file rule, `md5:…`,
 * `sha256:…` or `rule:…` of a malicious file. Each risk is asked once.
 */
export function riskNameTest(view: RiskView, passes: (text: string | null) => boolean): (image: number) => boolean {
  const { table, book } = view;
  const ofRisk: boolean[] = [];
  const named = (risk: number): boolean => {
    ofRisk[risk] ??= namesOfRisk({
      head: table.heads[table.head(risk)] as (typeof table.heads)[number],
      ...{ md5: table.md5.get(risk), sha256: table.sha256.get(risk) },
    }).some(passes);
    return ofRisk[risk];
  };
  return (image) => {
    for (const risk of view.of(image)) {
      if (!table.counted(risk) || !named(risk)) continue;
      const verdict = book.verdictOf(image, risk);
      if (verdict === null || verdict === 'verifying') return true;
    }
    return false;
  };
}
