import {
  InventoryError,
  type InventoryImage,
  type InventoryStore,
  imageUuid,
  type ObservedRoot,
  pinOf,
  type RegistryConnectors,
  readRoot,
} from '../../inventory/index.ts';
import type { FixResults } from '../fixes/index.ts';

/** Images of one tag are few; nested indexes have at most a thousand. */
const maxImages = 1000;

/** Enters what fixes made into the inventory: the tag, its images, and what they were made from. */
export function createFixResults(deps: {
  readonly store: InventoryStore;
  readonly connectors: RegistryConnectors;
}): FixResults {
  const { store, connectors } = deps;
  return {
    async recordFixResult({ source, tag, root, actor, at }, signal) {
      const { registry, repository } = source;
      const secrets = await store.secrets(registry.id);
      await using connector = connectors.open(registry, secrets?.password ?? null);
      const made = await readRoot(connector.content(repository.path), root.digest, signal);
      if (made === undefined) throw gone(`${repository.path}:${tag}`);
      const images = await entered(store, { source, tag, root: made, actor, at });
      const siblings = await sources(store, source);
      await store.recordLineage(
        images.flatMap((image) => {
          const from = siblings.find(({ platform }) => platform === image.platform) ?? source;
          return from.digest === image.digest ? [] : [{ imageId: image.id, fixedFromId: from.id }];
        }),
      );
      const result = images.find(({ platform }) => platform === source.platform) ?? images[0];
      const [stored] = result === undefined ? [] : await store.imagesById([result.id]);
      if (stored === undefined) throw gone(`${repository.path}:${tag}`);
      return stored;
    },
  };
}

/** The images that a tag now stands for. When somebody has moved the tag since, they are kept by their digest. */
async function entered(
  store: InventoryStore,
  result: { source: InventoryImage; tag: string; root: ObservedRoot; actor: string; at: number },
): Promise<readonly InventoryImage[]> {
  const { source, root, actor, at } = result;
  const { registry, repository } = source;
  for (const [tag, name] of [
    [result.tag, result.tag],
    [pinOf(root.digest), null],
  ] as const) {
    await store.applyTags(repository.id, [{ tag, root, observedAt: at }], { source: 'fix', actor });
    const uuids = root.images.map(({ digest }) => imageUuid(registry.instanceId, repository.path, name, digest));
    const images = await store.imagesByUuid(uuids);
    if (images.length > 0) return images;
  }
  return [];
}

/** The images of all platforms of what was fixed. */
async function sources(store: InventoryStore, source: InventoryImage): Promise<readonly InventoryImage[]> {
  if (source.indexDigest === null) return [source];
  const selector = { repositoryId: source.repository.id, ...(source.tag !== null && { tag: source.tag }) };
  const images = await store.findImages(selector, maxImages);
  return [source, ...images.filter(({ id, indexDigest }) => id !== source.id && indexDigest === source.indexDigest)];
}

function gone(what: string): InventoryError {
  return new InventoryError('registry_removed', `${what} is no longer there to be entered into the inventory`);
}
