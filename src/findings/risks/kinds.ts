import type { MaliciousLevel, RiskLevel } from '../../detectors/index.ts';

/** What is no vulnerability. `instruction` = checks of the baseline about how an image was built, counted apart. */
export type RiskKind = 'baseline' | 'instruction' | 'malicious' | 'sensitive';

/** Kinds as they are stored: the position is the code. */
export const riskKinds: readonly RiskKind[] = ['baseline', 'instruction', 'malicious', 'sensitive'];

/** What was decided on a finding. `verifying` only says that somebody looks at it: it goes on counting. */
export type RiskVerdict = 'whitelisted' | 'false_positive' | 'handled' | 'verifying';

/** Verdicts as they are stored and shown. */
export const riskVerdicts: readonly RiskVerdict[] = ['whitelisted', 'false_positive', 'handled', 'verifying'];

const usual: readonly RiskLevel[] = ['high', 'medium', 'low'];
const ofMalicious: readonly MaliciousLevel[] = ['serious', 'suspicious', 'remind'];

/** Words of the levels of a kind, the worst first: the position is the code. */
export function riskLevels(kind: RiskKind): readonly (RiskLevel | MaliciousLevel)[] {
  return kind === 'malicious' ? ofMalicious : usual;
}

/** What a decision asks of a file besides its rule. */
export interface RiskCondition {
  readonly field: 'path' | 'md5';
  readonly op: 'equals' | 'prefix' | 'contains';
  readonly value: string;
}
