import { systemActor } from '../../access/index.ts';
import type { RuleStore } from '../../findings/index.ts';
import type { DecisionDeps } from './contract.ts';

/**
 * Ends decisions whose time has passed or whose vulnerability got a fix. Lists and counters do not wait for this: such a
 * decision covers nothing already; this puts it on record.
 * @returns how many ended.
 */
export async function expireDecisions(
  deps: Pick<DecisionDeps, 'audit' | 'clock'> & {
    readonly store: Pick<RuleStore, 'overdueRules' | 'endRules' | 'rulesByIds'>;
  },
): Promise<number> {
  const { store, audit, clock } = deps;
  const now = clock.now().getTime();
  const overdue = await store.overdueRules(now);
  if (overdue.length === 0) return 0;
  const ended = await store.endRules(overdue, 'expired', now, 'system');
  for (const rule of await store.rulesByIds(ended)) {
    await audit.record({
      actor: systemActor(`expiry-${now}`),
      action: 'decision.expire',
      object: `decision:${rule.id}`,
      projectId: rule.projectId,
      detail: { vulnerabilities: rule.vulnerabilities, expiresAt: rule.expiresAt, expiresWhen: rule.expiresWhen },
    });
  }
  return ended.length;
}
