import type { Decision, Policy, PolicyStatement, Principal } from '../contract.ts';
import { matchesAction } from './match.ts';

type Verdict = 'Allow' | 'Deny' | null;

/** What a policy says of an action, by itself: an explicit Deny wins, null = nothing. */
export function verdictOf(statements: readonly PolicyStatement[], action: string): Verdict {
  let verdict: Verdict = null;
  for (const { effect, actions } of statements) {
    if (!actions.some((pattern) => matchesAction(pattern, action))) continue;
    if (effect === 'Deny') return 'Deny';
    verdict = 'Allow';
  }
  return verdict;
}

/**
 * Where a principal may do something. A Deny takes away the projects that its grant names, from whatever else allows
 * them; a session's policy only ever takes away.
 * @param projectIds all projects, for "everywhere but there"
 */
export function decide(principal: Principal, action: string, projectIds: () => readonly number[]): Decision {
  const session = principal.sessionPolicy;
  if (session !== null) {
    const verdict = verdictOf(session.statements, action);
    if (verdict !== 'Allow') return denied(verdict === 'Deny');
  }
  let everywhere = false;
  const allowed = new Set<number>();
  const refused = new Set<number>();
  for (const { policy, projects } of principal.grants) {
    const verdict = verdictOf((policy satisfies Policy).statements, action);
    if (verdict === 'Deny') {
      if (projects === 'all') return denied(true);
      for (const id of projects) refused.add(id);
    } else if (verdict === 'Allow') {
      if (projects === 'all') everywhere = true;
      else for (const id of projects) allowed.add(id);
    }
  }
  if (everywhere && refused.size === 0) return { allowed: true, projects: 'all' };
  const candidates = everywhere ? projectIds() : [...allowed];
  const projects = candidates.filter((id) => !refused.has(id)).sort((a, b) => a - b);
  return projects.length > 0 ? { allowed: true, projects } : denied(candidates.length > 0);
}

const denied = (explicit: boolean): Decision => ({
  allowed: false,
  reason: explicit ? 'explicit_deny' : 'implicit_deny',
});
