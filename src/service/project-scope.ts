import type { ProjectScope } from './contract/index.ts';

/** Whether something of a project is within what a caller may touch. */
export function inScope(projects: ProjectScope, projectId: number): boolean {
  return projects === 'all' || projects.includes(projectId);
}
