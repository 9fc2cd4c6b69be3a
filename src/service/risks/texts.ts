import type { Text } from '../../detectors/index.ts';
import type { RiskHead } from '../../findings/index.ts';
import type { CatalogueRule, RiskCatalogue, RiskKind, RiskTexts } from '../contract/index.ts';

/** Gives findings the words of the catalogue, and those of their report where the catalogue has none (any more). */
export class RiskWords {
  readonly #catalogue: (kind: RiskKind) => RiskCatalogue;
  readonly #rules = new Map<RiskKind, ReadonlyMap<string, CatalogueRule>>();
  readonly #known = new WeakMap<RiskHead, RiskTexts>();

  constructor(catalogue: (kind: RiskKind) => RiskCatalogue) {
    this.#catalogue = catalogue;
  }

  of(kind: RiskKind, head: RiskHead): RiskTexts {
    let texts = this.#known.get(head);
    if (texts === undefined) {
      texts = this.#make(kind, head);
      this.#known.set(head, texts);
    }
    return texts;
  }

  #make(kind: RiskKind, head: RiskHead): RiskTexts {
    const { classes, names } = this.#catalogue(kind);
    const { classKey, nameKey, ruleKey } = keysOf(head);
    const rule = this.#rule(kind, ruleKey);
    const className = classes[classKey] ?? same(classKey);
    // A malicious file is called what its rule or feed calls it.
    const title = head.kind === 'malicious' ? same(head.title) : (rule?.title ?? same(head.title));
    return {
      ...{ classKey, className, nameKey, ruleKey, title },
      name: names[nameKey] ?? classes[nameKey] ?? className,
      description: rule?.description ?? same('description' in head ? head.description : ''),
      advice: rule?.advice ?? same('advice' in head ? head.advice : ''),
    };
  }

  #rule(kind: RiskKind, key: string): CatalogueRule | undefined {
    let rules = this.#rules.get(kind);
    if (rules === undefined) {
      rules = new Map(this.#catalogue(kind).rules.map((rule) => [rule.key, rule]));
      this.#rules.set(kind, rules);
    }
    return rules.get(key);
  }
}

function same(text: string): Text {
  return { en: text, zh: text };
}

/** Keys on the wires of the clouds. */
export function keysOf(head: RiskHead): Pick<RiskTexts, 'classKey' | 'nameKey' | 'ruleKey'> {
  switch (head.kind) {
    case 'baseline':
      return { classKey: head.class, nameKey: head.name, ruleKey: head.item };
    case 'malicious':
      return { classKey: head.key, nameKey: head.key, ruleKey: head.key };
    default:
      return { classKey: head.class, nameKey: head.class, ruleKey: head.id };
  }
}
