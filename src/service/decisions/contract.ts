import type { AuditLog } from '../../access/index.ts';
import type { Filter, RuleStore } from '../../findings/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Call, NewDecision } from '../contract/index.ts';

/** What decisions need. */
export interface DecisionDeps {
  readonly store: RuleStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Counts findings and their images: what a decision would handle. */
  readonly impact: (call: Call, filter: Filter) => Promise<{ readonly findings: number; readonly images: number }>;
  /** The same for a decision on other findings than vulnerabilities. */
  readonly riskImpact: (
    call: Call,
    decision: NewDecision,
  ) => Promise<{ readonly findings: number; readonly images: number }>;
  /** Called after every change, so that this process sees it before the next look at the revisions. */
  readonly changed?: () => void;
}
