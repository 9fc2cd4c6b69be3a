import type { RiskLevel, Text } from '../../contract.ts';
import type { SensitiveRule } from '../contract.ts';

/** What all rules of a family have in common: what somebody can do with such a value, and what to do about it. */
export interface Family {
  readonly power: Text;
  readonly advice: Text;
}

/** A rule as it is written down: key, level, title in English and Chinese. */
export type Row = readonly [key: string, level: RiskLevel, en: string, zh: string];

/** Class of all published keys (risks.md §4.7): no other one is known. */
const publishedClass = 'password';

/** Makes the rules of a family. */
export function family({ power, advice }: Family, rows: readonly Row[]): readonly SensitiveRule[] {
  return rows.map(([key, level, en, zh]) => ({
    ...{ key, level, class: publishedClass, title: { en, zh }, advice, defaultOn: true, noise: null },
    description: {
      en: `${en} in a file of the image. Whoever can pull the image has it and can ${power.en}.`,
      zh: `镜像文件中包含${zh}。任何能够拉取该镜像的人都可以获得它，并${power.zh}。`,
    },
  }));
}

/** The same rules, off unless they are asked for, with what to expect then. */
export function offByDefault(rules: readonly SensitiveRule[], noise: Text): readonly SensitiveRule[] {
  return rules.map((rule) => ({ ...rule, defaultOn: false, noise }));
}

const rebuild: Text = {
  en: 'Rebuild the image without the file: deleting it in a later layer leaves it in the layer below.',
  zh: '请重新构建不含该文件的镜像：在后续层中删除文件后，它仍保留在下层中。',
};

/** Advice that ends with the one thing that is always true. */
export function advise(en: string, zh: string): Text {
  return { en: `${en} ${rebuild.en}`, zh: `${zh}${rebuild.zh}` };
}
