import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';

type Decision = Schema<'Decision'>;

/** Whether the caller may change or revoke a decision: one for all projects needs the right in all of them. */
export function useMayDecide(): (decision: Pick<Decision, 'projectId'>) => boolean {
  const { me } = useSession();
  const right = me.rights['drydock:decision:write'];
  return ({ projectId }) => right === 'all' || (right !== undefined && projectId !== null && right.includes(projectId));
}
