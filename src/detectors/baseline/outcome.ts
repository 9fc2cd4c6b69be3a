import type { RiskEvidence, RiskLevel } from '../contract.ts';
import type { CheckOutcome } from './contract.ts';

/** Failed with this evidence; passed without any. */
export function failIf(
  evidence: readonly RiskEvidence[],
  options: { readonly level?: RiskLevel; readonly basis?: 'default'; readonly item?: string } = {},
): CheckOutcome {
  return evidence.length === 0 ? { result: 'pass' } : { result: 'fail', evidence, ...options };
}

/** Nothing wrong. */
export const pass: CheckOutcome = { result: 'pass' };

/** The image has nothing that the check is about. */
export function notApplicable(why: string): CheckOutcome {
  return { result: 'not_applicable', why };
}

/** It could not be decided; never shown as passed. */
export function unknown(code: string, why: string): CheckOutcome {
  return { result: 'unknown', code, why };
}

const order: readonly RiskLevel[] = ['low', 'medium', 'high'];

/** The worst of some levels; undefined of none. */
export function worst(levels: Iterable<RiskLevel>): RiskLevel | undefined {
  let best = -1;
  for (const level of levels) best = Math.max(best, order.indexOf(level));
  return order[best];
}

/** One level lower, for what a product does by default (risks.md §2.1). */
export function lower(level: RiskLevel): RiskLevel {
  return order[Math.max(0, order.indexOf(level) - 1)] ?? 'low';
}
