import type { Schema } from '../../api/client.ts';

type Decision = Schema<'Decision'>;
type Order = Schema<'NewDecisionInput'>;

/** The order that a decision came from: to see what it covers, or to make it again after it was revoked. */
export function orderAgain(decision: Decision): Order {
  const { kind, projectId, vulnerabilities, findingKind, scope, reason, title, verdict, conditions } = decision;
  return {
    // Statements of documents are read again by importing them; by hand they are ignores.
    kind: kind === 'vex' ? 'ignore' : kind,
    projectId,
    vulnerabilities,
    findingKind,
    scope,
    reason,
    title,
    expiresAt: decision.expiresAt,
    expiresWhen: decision.expiresWhen,
    ...(verdict === undefined ? {} : { verdict }),
    ...(conditions === undefined || conditions.length === 0 ? {} : { conditions }),
  };
}

/** What ends soonest first; what does not end is ordered by the server. */
export function soonestFirst<T extends Pick<Decision, 'expiresAt'>>(decisions: readonly T[]): readonly T[] {
  const end = ({ expiresAt }: T): number => (expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt));
  return [...decisions].sort((a, b) => (end(a) === end(b) ? 0 : end(a) - end(b)));
}
