import type { RiskLevel } from '../../contract.ts';
import type { ContentRule, Found, Place } from '../contract.ts';
import { entropyOf } from './entropy.ts';
import { isPlaceholder, isWordy } from './placeholders.ts';

/** A rule as it is written down; see ContentRule for what is not explained here. */
export interface PatternRule {
  readonly id?: string;
  readonly key: string;
  readonly level?: RiskLevel;
  readonly keywords: readonly string[];
  /** With the flags `g` or `gi` and the value in the group `value`. */
  readonly pattern: RegExp;
  /** Default: 64 before, 256 behind. */
  readonly before?: number;
  readonly after?: number;
  /** Bits a character; default: no least. */
  readonly minEntropy?: number;
  /** Values that are none though they look like it. */
  readonly allow?: RegExp;
  /** Values that pass all filters though they are made up, because the issuer prints them. */
  keepSamples?(value: string): boolean;
  /** Values that read like words are none: for shapes without a mark of the issuer. */
  readonly noWords?: true;
  /** Shape of the other half of a pair: an id alone is of the rule's level, with its secret near both are high. */
  readonly companion?: RegExp;
  /** Level of a value, or null where it is none. */
  judge?(value: string, window: string, place: Place): RiskLevel | null;
  paths?(path: string): boolean;
  readonly inTexts?: boolean;
  readonly generic?: true;
}

const usualBefore = 64;
const usualAfter = 256;

/** Makes a rule of a pattern with its filters (risks.md §4.4). */
export function patternRule(rule: PatternRule): ContentRule {
  const { id = rule.key, key, level = 'high', keywords, pattern, paths } = rule;
  return {
    ...{ id, key, level, keywords, before: rule.before ?? usualBefore, after: rule.after ?? usualAfter },
    patterns: [pattern, ...(rule.companion ? [rule.companion] : [])],
    inTexts: rule.inTexts ?? true,
    ...(rule.generic && { generic: rule.generic }),
    ...(paths && { paths }),
    find: (window, place) => findAll(rule, level, window, place),
  };
}

function* findAll(rule: PatternRule, level: RiskLevel, window: string, place: Place): Generator<Found> {
  for (const match of window.matchAll(rule.pattern)) {
    const value = match.groups?.value;
    if (value === undefined || !passes(value, rule)) continue;
    const start = match.index + match[0].lastIndexOf(value);
    const other = rule.companion && companionOf(window, start, value, rule.companion);
    const judged = other ? 'high' : rule.judge === undefined ? level : rule.judge(value, window, place);
    if (judged !== null) yield { start, end: start + value.length, level: judged };
    if (other) yield other;
  }
}

/** The nearest value of that shape behind the id, or else the first before it. */
function companionOf(window: string, at: number, id: string, shape: RegExp): Found | undefined {
  const others = [...window.matchAll(shape)].filter((match) => match[0] !== id && !isPlaceholder(match[0]));
  const other = others.find(({ index }) => index > at) ?? others[0];
  return other && { start: other.index, end: other.index + other[0].length, level: 'high' };
}

function passes(value: string, { minEntropy = 0, allow, noWords, keepSamples }: PatternRule): boolean {
  if (keepSamples?.(value)) return true;
  if (isPlaceholder(value) || allow?.test(value)) return false;
  if (noWords && isWordy(value)) return false;
  return minEntropy === 0 || entropyOf(value) >= minEntropy;
}
