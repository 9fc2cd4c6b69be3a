import { randomUUID } from 'node:crypto';
import { hasCode } from '../../kernel/index.ts';
import { defaultProject } from '../account.ts';
import type { AccessAdmin } from '../admin-contract.ts';
import { AccessError } from '../errors.ts';
import type { AccessReader } from '../ports.ts';
import { checkProjectExtId, checkTitle } from './checks.ts';
import type { AdminDeps } from './deps.ts';

type ProjectAdmin = Pick<AccessAdmin, 'addProject' | 'renameProject' | 'removeProject'>;

/** Projects: the unit of rights. */
export function createProjectAdmin({ store, now }: AdminDeps): ProjectAdmin {
  return {
    async addProject(actor, name, extId) {
      checkTitle(name);
      const id = extId === undefined ? randomUUID() : checkProjectExtId(extId);
      return store.write(async (writer) => {
        await refuseTaken(writer, name, id, null);
        const project = await writer.addProject({ name, extId: id }, now());
        const projectId = project.id;
        await writer.audit({
          actor,
          action: 'project.add',
          object: `project:${projectId}`,
          projectId,
          detail: { name, extId: id },
        });
        return project;
      });
    },
    async renameProject(actor, id, name) {
      checkTitle(name);
      return store.write(async (writer) => {
        await refuseTaken(writer, name, null, id);
        const project = await writer.renameProject(id, name);
        if (project === null) return null;
        await writer.audit({
          actor,
          action: 'project.rename',
          object: `project:${id}`,
          projectId: id,
          detail: { name },
        });
        return project;
      });
    },
    async removeProject(actor, id) {
      try {
        return await store.write(async (writer) => {
          const project = (await writer.projects()).find((candidate) => candidate.id === id);
          if (project === undefined) return false;
          if (project.extId === defaultProject.extId) throw inUse('The default project cannot be removed.');
          await writer.removeProject(id);
          const detail = { name: project.name, extId: project.extId };
          await writer.audit({ actor, action: 'project.remove', object: `project:${id}`, projectId: id, detail });
          return true;
        });
      } catch (error) {
        if (!hasCode(error, 'foreign_key_violation')) throw error;
        throw inUse('Registries, repositories or rules belong to this project.');
      }
    },
  };
}

async function refuseTaken(
  reader: AccessReader,
  name: string,
  extId: string | null,
  self: number | null,
): Promise<void> {
  for (const project of await reader.projects()) {
    if (project.id === self) continue;
    if (project.name === name) throw taken('There is a project of this name.', 'name');
    if (project.extId === extId) throw taken('There is a project with this external id.', 'extId');
  }
}

const taken = (message: string, field: string): AccessError => new AccessError('access_name_taken', message, { field });

const inUse = (message: string): AccessError =>
  new AccessError('access_in_use', message, { hint: 'Move them to another project first.' });
