import { sensitiveRules } from './catalogue/list.ts';
import type { SensitiveRule } from './contract.ts';

const byKey = new Map(sensitiveRules.map((rule) => [rule.key, rule]));

/** What is told of a kind of secret; undefined for a key that no rule has (any more). */
export function aboutSensitive(key: string): SensitiveRule | undefined {
  return byKey.get(key);
}
