import { type Digest, isDigest, validRepository, validTag } from '../../image/index.ts';
import {
  type InventoryStore,
  imageUuid,
  type ObservedRoot,
  type RegistryRecord,
  type TagObservation,
} from '../../inventory/index.ts';
import type { Call } from '../contract/call.ts';
import type { RegistryService } from '../contract/registries.ts';
import { ServiceError } from '../errors.ts';
import { inScope } from '../project-scope.ts';
import type { RegistryServiceDeps } from './contract.ts';
import { queueRequested } from './jobs.ts';

type Announced = Parameters<RegistryService['announce']>[1][number];

const maxImages = 1000;

interface Checked {
  readonly registry: RegistryRecord;
  readonly path: string;
  readonly tag: string;
  readonly digest: Digest;
}

/**
 * Adds tags to the inventory that a caller names. All are checked before the first is stored. What they stand for is
 * looked up in the background; a digest that only other registries are known to have is not shown before that.
 */
export async function announce(
  deps: RegistryServiceDeps,
  call: Call,
  images: readonly Announced[],
): Promise<readonly string[]> {
  if (images.length > maxImages) invalid('images', `at most ${maxImages} images can be announced at a time`);
  const checked: Checked[] = [];
  for (const [at, image] of images.entries()) checked.push(await check(deps.store, call, image, `images[${at}]`));
  const now = deps.clock.now().getTime();
  for (const group of Map.groupBy(checked, ({ registry, path }) => `${registry.id} ${path}`).values()) {
    await store(deps, group, now, call.actor.name);
  }
  for (const [id, named] of Map.groupBy(checked, ({ registry }) => registry.id)) {
    const paths = new Set(named.map(({ path }) => path));
    const requests = [...paths].map((path) => ({ path, actor: call.actor.name }));
    await deps.store.requestRepositories(id, requests, now);
    await queueRequested(deps, id, call.actor.requestId);
    await deps.audit.record({
      actor: call.actor,
      action: 'registry.announce',
      object: `registry:${id}`,
      projectId: named[0]?.registry.projectId ?? null,
      detail: { images: named.length, repositories: [...paths].slice(0, 100) },
    });
  }
  return checked.map(({ registry, path, tag, digest }) => imageUuid(registry.instanceId, path, tag, digest));
}

async function check(store: InventoryStore, call: Call, image: Announced, where: string): Promise<Checked> {
  const { namespace, name, tag, digest, repositoryExtId: extId } = image;
  const registry = await store.registryByInstance(image.registryInstanceId);
  if (registry === null || !inScope(call.projects, registry.projectId)) {
    invalid(`${where}.registryInstanceId`, 'names no registry that was onboarded');
  }
  const path = namespace === '' ? name : `${namespace}/${name}`;
  if (!validRepository(path)) invalid(`${where}.name`, 'is no repository name');
  if (!validTag(tag)) invalid(`${where}.tag`, 'is no tag');
  if (!isDigest(digest)) invalid(`${where}.digest`, 'is no sha256 or sha512 digest');
  if (extId?.startsWith('crr-')) {
    const known = await store.repositoryByPath(registry.id, path);
    if (known !== null && known.extId !== extId) invalid(`${where}.repositoryExtId`, `is not the id of ${path}`);
  }
  return { registry, path, tag, digest };
}

async function store(deps: RegistryServiceDeps, group: readonly Checked[], now: number, actor: string): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const { registry, path } = first;
  const seen = [{ path, public: false }];
  const [repository] = await deps.store.seeRepositories(registry.id, seen, 0, now);
  if (repository === undefined) return;
  const digests = group.map(({ digest }) => digest);
  const known = await deps.store.knownRoots(registry.id, digests);
  const foreign = await deps.store.knownElsewhere(registry.id, digests);
  const observations = group.flatMap(({ tag, digest }): TagObservation[] => {
    if (foreign.has(digest)) return [];
    return [{ tag, root: known.get(digest) ?? unread(digest), observedAt: now }];
  });
  await deps.store.applyTags(repository.id, observations, { source: 'push', actor });
}

function unread(digest: Digest): ObservedRoot {
  const nothing = {
    os: null,
    arch: null,
    variant: null,
    createdAt: null,
    size: null,
    configDigest: null,
    refused: null,
  };
  const image = { digest, mediaType: '', manifestSize: 0, ...nothing };
  return { digest, kind: 'announced', mediaType: '', size: 0, images: [image] };
}

function invalid(field: string, why: string): never {
  throw new ServiceError('invalid_order', `${field} ${why}`, { field });
}
