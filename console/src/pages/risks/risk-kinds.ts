import type { Schema } from '../../api/client.ts';

/** Kinds of risks as addresses name them. */
export const riskWords = ['baseline', 'instructions', 'malicious', 'sensitive'] as const;
export type RiskWord = (typeof riskWords)[number];

/** A kind of risk as the API names it in bodies and counters. */
export type RiskKind = Schema<'RiskHit'>['kind'];

/** The name of a kind in bodies and counters, by its word in addresses. */
export const kindOf: Readonly<Record<RiskWord, RiskKind>> = {
  baseline: 'baseline',
  instructions: 'instruction',
  malicious: 'malicious',
  sensitive: 'sensitive',
};

/** How findings stand. */
export const riskStatuses = ['open', 'verifying', 'handled', 'whitelisted', 'false_positive'] as const;
export type RiskStatus = (typeof riskStatuses)[number];

/** Levels of a kind, the worst first. */
export function levelsOf(word: RiskWord): readonly Schema<'RiskHit'>['level'][] {
  return word === 'malicious' ? ['serious', 'suspicious', 'remind'] : ['high', 'medium', 'low'];
}
