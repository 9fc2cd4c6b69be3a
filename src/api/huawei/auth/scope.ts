import type { AccessControl, Principal } from '../../../access/index.ts';
import type { ProjectScope } from '../../../service/index.ts';
import type { HuaweiRoute } from '../contract.ts';
import { serviceRefusal } from '../errors.ts';
import type { QueryInput } from '../input/query.ts';

/** Id of the default enterprise project. */
const defaultProject = '0';

/**
 * The projects that a call may touch: what the permission allows, narrowed by `enterprise_project_id`.
 * @throws HuaweiRefusal `HSS.0013` for no permission and for projects that are unknown or not granted, which look the same
 */
export async function scopeOf(
  route: Pick<HuaweiRoute, 'action' | 'scope'>,
  query: QueryInput,
  principal: Principal,
  access: AccessControl,
): Promise<ProjectScope> {
  const decision = access.decide(principal, route.action);
  if (!decision.allowed) throw serviceRefusal('HSS.0013');
  const named = query.text('enterprise_project_id', { max: 256 });
  if (named === 'all_granted_eps') return decision.projects;
  if (named === undefined && route.scope === 'lookup') return decision.projects;
  const project = (await access.projects()).find(({ extId }) => extId === (named ?? defaultProject));
  if (project === undefined) throw serviceRefusal('HSS.0013');
  if (decision.projects !== 'all' && !decision.projects.includes(project.id)) throw serviceRefusal('HSS.0013');
  return [project.id];
}
