import type { Digest, ImageRepository } from '../../image/index.ts';
import { type Clock, mapLimit } from '../../kernel/index.ts';
import type { ListedTag, RegistryConnector } from '../connectors/contract.ts';
import type { RepositoryRecord } from '../contract.ts';
import { InventoryError } from '../errors.ts';
import type { TagStore } from '../ports.ts';
import type { ObservedRoot, TagObservation, TagSource } from './contract.ts';
import { readRoot } from './read-root.ts';

/** What synchronising one repository needs. */
export interface RepositorySyncDeps {
  readonly store: Pick<TagStore, 'currentTags' | 'knownRoots' | 'applyTags'>;
  readonly connector: Pick<RegistryConnector, 'tags' | 'content' | 'exhaustive'>;
  readonly clock: Clock;
  readonly maxTags: number;
}

/** Who or what told of a change. */
export interface Origin {
  readonly source: TagSource;
  readonly actor: string | null;
}

const questionsAtOnce = 6;
const readsAtOnce = 3;

/**
 * Brings the tags of one repository to what the registry says: new and moved tags are looked up, tags that are not listed
 * any more are asked for once again before they are closed, because listings lag and lose pages.
 * @returns number of images opened
 * @throws InventoryError `too_many_tags`; RegistryError
 */
export async function syncRepository(
  deps: RepositorySyncDeps,
  repository: Pick<RepositoryRecord, 'id' | 'path' | 'registryId'>,
  origin: Origin,
  signal: AbortSignal,
): Promise<number> {
  const { store, connector, maxTags } = deps;
  const before = await store.currentTags(repository.id);
  const missing = new Set(before.keys());
  const place = { ...deps, content: connector.content(repository.path), registryId: repository.registryId };
  let listed = 0;
  let opened = 0;
  for await (const batch of connector.tags(repository.path, signal)) {
    listed += batch.length;
    if (listed > maxTags) throw new InventoryError('too_many_tags', `${repository.path} has more than ${maxTags} tags`);
    const observations = await observe(place, batch, before, missing, signal);
    if (observations.length > 0) opened += (await store.applyTags(repository.id, observations, origin)).opened.length;
  }
  for (const batch of chunks([...missing], 500)) {
    const observations = connector.exhaustive
      ? closeAll(batch, deps.clock)
      : await askAgain(place, batch, before, signal);
    if (observations.length > 0) opened += (await store.applyTags(repository.id, observations, origin)).opened.length;
  }
  return opened;
}

/** Closes all tags without asking: the repository does not belong to the inventory any more. */
export async function closeRepository(
  deps: Pick<RepositorySyncDeps, 'store' | 'clock'>,
  repository: Pick<RepositoryRecord, 'id'>,
  origin: Origin,
): Promise<void> {
  const tags = await deps.store.currentTags(repository.id);
  for (const batch of chunks([...tags.keys()], 500)) {
    await deps.store.applyTags(repository.id, closeAll(batch, deps.clock), origin);
  }
}

/** The repository that is looked at. */
interface Place extends RepositorySyncDeps {
  readonly content: ImageRepository;
  readonly registryId: number;
}

type Before = Awaited<ReturnType<TagStore['currentTags']>>;

/** Observations of the tags of one batch that are new or have moved; tags that are there leave `missing`. */
async function observe(
  place: Place,
  batch: readonly ListedTag[],
  before: Before,
  missing: Set<string>,
  signal: AbortSignal,
): Promise<readonly TagObservation[]> {
  const looked = await mapLimit(batch, questionsAtOnce, async (listed) => {
    const observedAt = place.clock.now().getTime();
    const digest = listed.digest ?? (await place.content.resolveTag(listed.tag, signal)) ?? null;
    return { ...listed, digest, observedAt };
  });
  const moved = looked.flatMap((tag) => {
    if (tag.digest === null) return [];
    const { digest } = tag;
    const known = before.get(tag.tag);
    missing.delete(tag.tag);
    return known?.digest === digest && known.kind !== 'announced' ? [] : [{ ...tag, digest }];
  });
  const roots = await rootsOf(place, new Set(moved.map(({ digest }) => digest)), signal);
  return moved.flatMap(({ tag, immutable, digest, observedAt }) => {
    // Gone again between listing and reading: the next run sees what became of it.
    const root = roots.get(digest);
    return root === undefined ? [] : [{ tag, root, immutable, observedAt }];
  });
}

async function askAgain(
  place: Place,
  tags: readonly string[],
  before: Before,
  signal: AbortSignal,
): Promise<readonly TagObservation[]> {
  const listed = tags.map((tag): ListedTag => ({ tag, digest: null, immutable: false }));
  const gone: TagObservation[] = [];
  const there: ListedTag[] = [];
  await mapLimit(listed, questionsAtOnce, async (item) => {
    const observedAt = place.clock.now().getTime();
    const reference = item.tag.startsWith('@') ? item.tag.slice(1) : item.tag;
    const digest = await place.content.resolveTag(reference, signal);
    if (digest === undefined) gone.push({ tag: item.tag, root: null, observedAt });
    else there.push({ ...item, digest });
  });
  return [...gone, ...(await observe(place, there, before, new Set(), signal))];
}

/** What the digests stand for: from the store where it is known, else from the registry. */
async function rootsOf(
  { store, content, registryId }: Place,
  digests: ReadonlySet<Digest>,
  signal: AbortSignal,
): Promise<ReadonlyMap<Digest, ObservedRoot>> {
  if (digests.size === 0) return new Map();
  const roots = new Map(await store.knownRoots(registryId, [...digests]));
  const unknown = [...digests].filter((digest) => !roots.has(digest));
  await mapLimit(unknown, readsAtOnce, async (digest) => {
    const root = await readRoot(content, digest, signal);
    if (root !== undefined) roots.set(digest, root);
  });
  return roots;
}

function closeAll(tags: readonly string[], clock: Clock): readonly TagObservation[] {
  const observedAt = clock.now().getTime();
  return tags.map((tag) => ({ tag, root: null, observedAt }));
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
