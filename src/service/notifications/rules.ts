import { compilePathFilter } from '../../inventory/index.ts';
import { isTimeZone } from '../../notify/index.ts';
import type { ChannelRules } from '../contract/notifications.ts';
import { refuse } from './target.ts';

/**
 * Checks what a channel is to be told; absent members stay absent.
 * @param hasProject whether a project exists
 * @throws ServiceError `invalid_field` naming the field
 */
export async function checkedRules(
  input: Partial<ChannelRules>,
  hasProject: (id: number) => Promise<boolean>,
): Promise<Partial<ChannelRules>> {
  const { name, events, projects, repositories, quietHours } = input;
  if (name !== undefined && (name.trim() === '' || /[\x00-\x1f\x7f]/.test(name))) {
    refuse('name', 'must be a text without control characters');
  }
  if (events?.length === 0) refuse('events', 'must name an event');
  for (const id of projects ?? []) if (!(await hasProject(id))) refuse('projects', `names ${id}, which is no project`);
  if (repositories !== undefined) checkGlobs(repositories);
  if (quietHours != null) {
    if (!isTimeZone(quietHours.zone)) refuse('quietHours.zone', 'must be the name of a time zone: Asia/Shanghai');
    if (quietHours.from === quietHours.to) refuse('quietHours.to', 'must not be the time at which they begin');
  }
  return {
    ...input,
    ...(name !== undefined && { name: name.trim() }),
    ...(events !== undefined && { events: [...new Set(events)] }),
    ...(projects != null && { projects: [...new Set(projects)].sort((a, b) => a - b) }),
    ...(repositories !== undefined && { repositories: [...new Set(repositories)] }),
  };
}

function checkGlobs(patterns: readonly string[]): void {
  try {
    compilePathFilter(patterns, []);
  } catch (error) {
    refuse('repositories', error instanceof Error ? error.message : 'is invalid', error);
  }
}
