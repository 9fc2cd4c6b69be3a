import type { Check, FactReader } from '../contract.ts';
import { exposureCheck } from '../define-check.ts';
import { notApplicable } from '../outcome.ts';
import type { ServiceRule } from './contract.ts';
import { ServiceImage, type SourcesOf } from './image.ts';
import type { ServiceFacts } from './source.ts';
import { Verdict } from './verdict.ts';

/** The check of one service. */
export function serviceCheck(rule: ServiceRule, reader: FactReader<ServiceFacts>, sources: SourcesOf): Check {
  const { id, service, level, title, description, advice } = rule;
  return exposureCheck({
    ...{ id, level, title, description, advice },
    item: `hc.image.checklist.identify.hc_exploit_${service}_linux.item`,
    evaluate(context) {
      const image = new ServiceImage(context, rule, reader, sources);
      if (!image.present()) return notApplicable(`${service} is not in the image`);
      const verdict = new Verdict(level);
      rule.judge(image, verdict);
      for (const source of rule.sources) {
        const file = image.files(source).find(({ unread }) => unread);
        if (file !== undefined) verdict.unread(file.path);
      }
      return verdict.outcome();
    },
  });
}
