import type { RegistryRecord } from '../../inventory/index.ts';
import type { Call } from '../contract/call.ts';

/** Whether the caller may know of a registry. */
export function isVisible(call: Pick<Call, 'projects'>, registry: Pick<RegistryRecord, 'projectId'>): boolean {
  return call.projects === 'all' || call.projects.includes(registry.projectId);
}
