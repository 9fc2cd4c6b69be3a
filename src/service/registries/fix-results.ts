import {
  InventoryError,
  type InventoryImage,
  type InventoryStore,
  type ObservedRoot,
  type RegistryConnectors,
  readRoot,
} from '../../inventory/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { FixResults } from '../fixes/index.ts';

/** Images of one tag are few; nested indexes have at most a thousand. */
const maxImages = 1000;

/** Enters what fixes made into the inventory: the tag, its images, and what they were made from. */
export function createFixResults(deps: {
  readonly store: InventoryStore;
  readonly connectors: RegistryConnectors;
  readonly clock: Clock;
}): FixResults {
  const { store, connectors, clock } = deps;
  return {
    async recordFixResult({ source, tag, root, actor, at }, signal) {
      const { registry, repository } = source;
      const secrets = await store.secrets(registry.id);
      await using connector = connectors.open(registry, secrets?.password ?? null);
      const made = await readRoot(connector.content(repository.path), root.digest, signal);
      if (made === undefined) throw gone(`${repository.path}:${tag}`);
      const origin = { source: 'fix', actor } as const;
      await store.applyTags(repository.id, [{ tag, root: made, observedAt: at }], origin);
      let images = await current(store, repository.id, tag, made);
      if (images.length === 0) {
        // Somebody has moved the tag since. The image was made all the same; the next look sets the tag right.
        const observedAt = clock.now().getTime();
        await store.applyTags(repository.id, [{ tag, root: made, observedAt }], origin);
        images = await current(store, repository.id, tag, made);
      }
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

/** Images of a tag that belong to this root. */
async function current(
  store: InventoryStore,
  repositoryId: number,
  tag: string,
  root: ObservedRoot,
): Promise<readonly InventoryImage[]> {
  const digests = new Set(root.images.map(({ digest }) => digest));
  const images = await store.findImages({ repositoryId, tag, current: true }, maxImages);
  return images.filter(({ digest }) => digests.has(digest));
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
