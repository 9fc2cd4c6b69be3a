import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RegistryRecord } from '../../../src/inventory/index.ts';
import {
  type DecisionRule,
  type DecisionService,
  type ExportJob,
  type ExportService,
  type RegistryService,
  type ScanTask,
  ServiceError,
} from '../../../src/service/index.ts';
import { type FakeEstate, fakeRegistry } from './estate.ts';
import { paged, registryTypeOf, visible } from './matching.ts';

const unknownAbility = { state: 'unknown', code: null, reason: null } as const;

/** Registries that are stored and never reached; `passwords` holds the secrets that were set, by id. */
export function fakeRegistries(estate: FakeEstate, passwords: Map<number, string>, now: () => number): RegistryService {
  const find = (call: Parameters<RegistryService['get']>[0], id: number): RegistryRecord | undefined =>
    estate.registries.find((registry) => registry.id === id && visible(call, registry.projectId));
  return {
    add: async (call, { password, scanNew: _scanNew, ...given }) => {
      if (estate.registries.some(({ name }) => name === given.name)) {
        throw new ServiceError('name_taken', 'the name is taken', { field: 'name' });
      }
      const id = Math.max(0, ...estate.registries.map((registry) => registry.id)) + 1;
      const projectId = given.projectId ?? (call.projects === 'all' ? 1 : (call.projects[0] ?? 1));
      const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const registry = fakeRegistry(id, { username: null, ...known, projectId, createdAt: now(), updatedAt: now() });
      estate.registries.push(registry);
      if (typeof password === 'string') passwords.set(id, password);
      return registry;
    },
    update: async (call, id, { password, scanNew: _scanNew, ...change }) => {
      const found = find(call, id);
      if (found === undefined) return null;
      const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const changed = { ...found, ...known, updatedAt: now() } as RegistryRecord;
      estate.registries[estate.registries.indexOf(found)] = changed;
      if (typeof password === 'string') passwords.set(id, password);
      return changed;
    },
    remove: async (call, id) => {
      const found = find(call, id);
      if (found !== undefined) estate.registries.splice(estate.registries.indexOf(found), 1);
      return found !== undefined;
    },
    get: async (call, id) => find(call, id) ?? null,
    page: async (call, { nameContains, vendorTypes, notVendorTypes, page }) =>
      paged(
        estate.registries
          .filter(
            (registry) =>
              visible(call, registry.projectId) &&
              registry.name.includes(nameContains ?? '') &&
              (vendorTypes ?? [registryTypeOf(registry)]).includes(registryTypeOf(registry)) &&
              !(notVendorTypes ?? []).includes(registryTypeOf(registry)),
          )
          .map((registry) => ({
            ...registry,
            images: estate.images.filter((image) => image.registry.id === registry.id).length,
          })),
        page,
      ),
    test: async () => ({
      list: unknownAbility,
      pull: unknownAbility,
      push: unknownAbility,
      delete: unknownAbility,
      referrers: unknownAbility,
    }),
    sync: async (): Promise<ScanTask | null> => null,
    regions: () => [{ id: 'cn-hangzhou', name: 'Hangzhou' }],
    announce: async (call, images) =>
      images.map((announced) => {
        const known = estate.images.find(
          (image) =>
            image.registry.instanceId === announced.registryInstanceId &&
            visible(call, image.repository.projectId) &&
            image.repository.name === announced.name &&
            image.tag === announced.tag,
        );
        if (known === undefined) throw new ServiceError('invalid_order', 'unknown registry', { field: 'instanceId' });
        return known.uuid;
      }),
    hook: async () => undefined,
    rotateHookSecret: async (_call, id) => ({ secret: randomUUID(), path: `/api/v1/hooks/registries/${id}` }),
  };
}

/** Decisions that are stored and handle nothing. */
export function fakeDecisions(rules: DecisionRule[], now: () => number): DecisionService {
  return {
    add: async (call, decision) => {
      const rule: DecisionRule = {
        ...decision,
        id: Math.max(0, ...rules.map(({ id }) => id)) + 1,
        projectId: decision.projectId ?? null,
        author: call.actor.name,
        createdAt: now(),
        updatedAt: now(),
      };
      rules.push(rule);
      return rule;
    },
    update: async (call, id, change) => {
      const index = rules.findIndex((rule) => rule.id === id);
      const found = rules[index];
      if (found === undefined || !visible(call, found.projectId ?? 0)) throw new ServiceError('not_found', 'unknown');
      const changed = { ...found, ...change, updatedAt: now() };
      rules[index] = changed;
      return changed;
    },
    importDocument: async (_call, { name }) => {
      return { format: 'ignore-file', document: name, added: 0, revoked: 0, skipped: [] };
    },
    revoke: async (_call, ids) => {
      const gone = rules.filter((rule) => ids.includes(rule.id));
      for (const rule of gone) rules.splice(rules.indexOf(rule), 1);
      return gone.length;
    },
    page: async (_call, { kind, text, source, page }) =>
      paged(
        rules.filter(
          (rule) =>
            (kind ?? rule.kind) === rule.kind &&
            (source ?? rule.source) === rule.source &&
            `${rule.title} ${rule.vulnerabilities} ${rule.reason}`.toLowerCase().includes((text ?? '').toLowerCase()),
        ),
        page,
      ),
    get: async (_call, id) => rules.find((rule) => rule.id === id) ?? null,
    preview: async () => ({ findings: 0, images: 0 }),
    history: async (_call, { page }) => paged([], page),
  };
}

/** Exports that tests finish by hand: `files` holds content by job id. */
export function fakeExports(jobs: ExportJob[], files: Map<string, Buffer>, now: () => number): ExportService {
  const find = (id: string | number): ExportJob | undefined =>
    jobs.find((job) => job.id === id || job.number === id || job.fileId === id);
  return {
    order: async (call, spec) => {
      const job: ExportJob = {
        id: randomUUID(),
        number: jobs.length + 1,
        projectId: call.projects === 'all' ? null : (call.projects[0] ?? null),
        spec,
        state: 'queued',
        reason: null,
        rowsTotal: 3,
        rowsMatched: 3,
        rowsDone: 0,
        fileId: null,
        fileName: spec.fileName ?? `export-${jobs.length + 1}.${spec.format}`,
        bytes: null,
        sha256: null,
        createdAt: now(),
        finishedAt: null,
        expiresAt: null,
      };
      jobs.push(job);
      return job;
    },
    get: async (call, id) => {
      const job = find(id);
      return job !== undefined && (job.projectId === null || visible(call, job.projectId)) ? job : null;
    },
    page: async (_call, { page }) => paged(jobs, page),
    file: async (call, id) => {
      const job = find(id);
      const content = job === undefined ? undefined : files.get(job.id);
      if (job === undefined || content === undefined) return null;
      if (job.projectId !== null && !visible(call, job.projectId)) return null;
      return {
        name: job.fileName,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        open: (start, end) => Readable.from([content.subarray(start, end)]),
      };
    },
    cancel: async (_call, id) => find(id) !== undefined,
  };
}
