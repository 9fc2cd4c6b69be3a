import { randomBytes } from 'node:crypto';
import type { RegistryAbilities, RegistryFields, RegistryRecord } from '../../inventory/index.ts';
import type { Call, Page, PageRequest } from '../contract/call.ts';
import type { NewRegistry, RegistryService } from '../contract/registries.ts';
import type { ScanTask } from '../contract/work.ts';
import { ServiceError } from '../errors.ts';
import { inScope } from '../project-scope.ts';
import { announce } from './announce.ts';
import type { RegistryServiceDeps } from './contract.ts';
import { checkAddresses, checkFields, redirectsCredentials, refuse } from './fields.ts';
import { HookReceiver } from './hook.ts';
import { dropWork, planSync, queueProbe, queueSync } from './jobs.ts';
import { probe } from './probe.ts';

const maxPage = 1000;
const testTimeoutMs = 30_000;
/** Images of a removed registry that are deleted while the caller waits; the rest follows in the background. */
const purgedAtOnce = 2000;

const defaults: Omit<RegistryFields, 'name' | 'kind' | 'baseUrl' | 'region' | 'projectId'> = {
  connectAddress: null,
  username: null,
  password: null,
  include: [],
  exclude: [],
  references: [],
  schedule: null,
  scansPerHour: null,
  vendor: {},
  insecure: false,
  ca: null,
  scanNew: true,
};

/** Onboarding of registries. */
export function createRegistryService(deps: RegistryServiceDeps): RegistryService {
  const hooks = new HookReceiver(deps);
  const work = new Onboarding(deps, hooks);
  return {
    add: (call, registry) => work.add(call, registry),
    update: (call, id, change) => work.update(call, id, change),
    remove: (call, id) => work.remove(call, id),
    get: (call, id) => work.visible(call, id),
    page: (call, query) => work.page(call, query),
    test: (call, id) => work.test(call, id),
    sync: (call, id) => work.sync(call, id),
    regions: () => deps.regions,
    announce: (call, images) => announce(deps, call, images),
    hook: (input) => hooks.receive(input),
    rotateHookSecret: (call, id) => work.rotateHookSecret(call, id),
  };
}

class Onboarding {
  readonly #deps: RegistryServiceDeps;
  readonly #hooks: HookReceiver;

  constructor(deps: RegistryServiceDeps, hooks: HookReceiver) {
    this.#deps = deps;
    this.#hooks = hooks;
  }

  async visible(call: Call, id: number): Promise<RegistryRecord | null> {
    const registry = await this.#deps.store.registry(id);
    return registry !== null && inScope(call.projects, registry.projectId) ? registry : null;
  }

  async add(call: Call, input: NewRegistry): Promise<RegistryRecord> {
    const { store, regions } = this.#deps;
    for (const field of ['name', 'kind', 'baseUrl'] as const)
      if (input[field] === undefined) refuse(field, 'is missing');
    const fields: RegistryFields = {
      ...defaults,
      region: regions[0]?.id ?? '',
      ...(checkFields(input, this.#deps) as Pick<RegistryFields, 'name' | 'kind' | 'baseUrl'>),
      projectId: await this.#project(call, input.projectId),
    };
    checkAddresses(fields, this.#deps.allowedAddresses);
    if (fields.kind === 'static' && fields.references.length === 0) refuse('references', 'must not be empty');
    const registry = await store.insertRegistry(fields, this.#now());
    if (registry === null) throw nameTaken(fields.name);
    await this.#audit(call, 'registry.add', registry, told(fields));
    await planSync(this.#deps, registry);
    await queueProbe(this.#deps, registry.id);
    await queueSync(this.#deps, registry, { name: call.actor.name, source: 'onboarding' });
    return registry;
  }

  async update(call: Call, id: number, change: Partial<NewRegistry>): Promise<RegistryRecord | null> {
    const before = await this.visible(call, id);
    if (before === null) return null;
    const fields = checkFields(change, this.#deps);
    checkAddresses({ ...before, ...fields }, this.#deps.allowedAddresses);
    const project = change.projectId === undefined ? {} : { projectId: await this.#project(call, change.projectId) };
    if (redirectsCredentials(before, fields)) {
      refuse('password', 'must be given again when the address or the check of certificates changes');
    }
    const after = await this.#deps.store.updateRegistry(id, { ...fields, ...project }, this.#now());
    if (after === 'name_taken') throw nameTaken(fields.name ?? '');
    if (after === null) return null;
    await this.#audit(call, 'registry.update', after, told(fields));
    await planSync(this.#deps, after);
    await queueProbe(this.#deps, id);
    return after;
  }

  async remove(call: Call, id: number): Promise<boolean> {
    const registry = await this.visible(call, id);
    if (registry === null || !(await this.#deps.store.markRemoved(id, this.#now()))) return false;
    this.#hooks.forget(id);
    await this.#audit(call, 'registry.remove', registry, { name: registry.name });
    await dropWork(this.#deps, id);
    await this.#deps.onRemoved?.(registry);
    const { manifests } = await this.#deps.store.purgeRemoved(purgedAtOnce, this.#now());
    if (manifests.length > 0) await this.#deps.onManifestsGone?.(manifests);
    const payload = { reason: 'registry_removed' };
    await this.#deps.queue.enqueue({ kind: 'retention', class: 'bulk', payload, dedupeKey: `removed:${id}` });
    this.#deps.wake?.();
    return true;
  }

  async page(
    call: Call,
    query: Parameters<RegistryService['page']>[1],
  ): Promise<Page<RegistryRecord & { readonly images: number }>> {
    const window = windowOf(query.page);
    const { rows, total } = await this.#deps.store.registries({
      projects: call.projects,
      window,
      ...(query.nameContains !== undefined && { nameContains: query.nameContains }),
      ...(query.vendorTypes && { types: query.vendorTypes }),
      ...(query.notVendorTypes && { notTypes: query.notVendorTypes }),
    });
    const last = rows.at(-1);
    const isFull = rows.length === window.limit;
    return { rows, total, totalIsBound: false, next: isFull && last !== undefined ? String(last.id) : null };
  }

  async test(call: Call, id: number): Promise<RegistryAbilities> {
    const registry = await this.visible(call, id);
    if (registry === null) throw new ServiceError('not_found', `no registry ${id}`);
    return probe(this.#deps, registry, AbortSignal.any([call.signal, AbortSignal.timeout(testTimeoutMs)]));
  }

  async sync(call: Call, id: number): Promise<ScanTask | null> {
    const registry = await this.visible(call, id);
    if (registry === null) return null;
    const task = await queueSync(this.#deps, registry, { name: call.actor.name, source: 'openapi' });
    await this.#audit(call, 'registry.sync', registry, { task: task.id });
    return task;
  }

  async rotateHookSecret(call: Call, id: number): Promise<{ readonly secret: string; readonly path: string }> {
    const registry = await this.visible(call, id);
    if (registry === null) throw new ServiceError('not_found', `no registry ${id}`);
    const secret = randomBytes(32).toString('base64url');
    await this.#deps.store.setHookSecret(id, this.#deps.sealer.seal(Buffer.from(secret, 'utf8')), this.#now());
    this.#hooks.forget(id);
    await this.#audit(call, 'registry.rotateHookSecret', registry, {});
    return { secret, path: `/api/v1/hooks/${id}` };
  }

  /** Foreign and missing projects are refused alike. */
  async #project(call: Call, wanted: number | undefined): Promise<number> {
    const { defaultProjectId } = this.#deps;
    const { projects } = call;
    const own = projects === 'all' || inScope(projects, defaultProjectId) ? defaultProjectId : projects[0];
    const id = wanted ?? own;
    if (id === undefined || !inScope(projects, id)) refuse('projectId', 'is no project of yours');
    if (id !== defaultProjectId && !(await this.#deps.hasProject(id))) refuse('projectId', 'is no project of yours');
    return id;
  }

  #now(): number {
    return this.#deps.clock.now().getTime();
  }

  #audit(call: Call, action: string, registry: RegistryRecord, detail: Record<string, unknown>): Promise<void> {
    const { actor } = call;
    const object = `registry:${registry.id}`;
    return this.#deps.audit.record({ actor, action, object, projectId: registry.projectId, detail });
  }
}

function windowOf(page: PageRequest): { offset: number; limit: number } | { afterId: number; limit: number } {
  const limit = Math.min(Math.max(1, page.limit), maxPage);
  if ('offset' in page) return { offset: Math.max(0, page.offset), limit };
  if (page.after !== null && !/^\d{1,15}$/.test(page.after)) {
    throw new ServiceError('invalid_field', 'the position is none of a list of registries', { field: 'after' });
  }
  return { afterId: Number(page.after ?? 0), limit };
}

/** For the audit log: that a secret was given, never the secret. */
function told({ password, ca, ...fields }: Partial<RegistryFields>): Record<string, unknown> {
  return {
    ...fields,
    ...(password !== undefined && { password: password === null ? 'none' : 'given' }),
    ...(ca !== undefined && { ca: ca === null ? 'none' : 'given' }),
  };
}

function nameTaken(name: string): ServiceError {
  return new ServiceError('name_taken', `another registry is called ${JSON.stringify(name)}`, { field: 'name' });
}
