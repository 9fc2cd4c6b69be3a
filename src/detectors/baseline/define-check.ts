import type { RiskLevel, Text } from '../contract.ts';
import type { Check } from './contract.ts';

/** What is written down of a check of one class; each text is English, then Chinese. */
export interface CheckText {
  readonly id: string;
  readonly item: string;
  readonly level: RiskLevel;
  readonly title: readonly [en: string, zh: string];
  readonly description: readonly [en: string, zh: string];
  readonly advice: readonly [en: string, zh: string];
}

/** Makes checks of what the image holds, all of one class and name of the baseline tree. */
export function checksOf(classKey: string, nameKey: string): (text: CheckText, evaluate: Check['evaluate']) => Check {
  return ({ title, description, advice, ...rest }, evaluate) => ({
    ...rest,
    axis: 'baseline',
    classKey,
    nameKey,
    title: textOf(title),
    description: textOf(description),
    advice: textOf(advice),
    evaluate,
  });
}

function textOf([en, zh]: readonly [string, string]): Text {
  return { en, zh };
}
