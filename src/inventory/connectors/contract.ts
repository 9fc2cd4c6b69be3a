import type { Digest, ImageRepository } from '../../image/index.ts';
import type { RegistryAbilities, RegistryRecord } from '../contract.ts';

/** A repository that a listing named. */
export interface SeenRepository {
  readonly path: string;
  readonly public: boolean;
}

/** A page of a listing of repositories and where the next one begins (opaque, survives a restart); null = the end. */
export interface RepositoryPage {
  readonly repositories: readonly SeenRepository[];
  readonly next: string | null;
}

/** A tag as a listing tells it; the digest where the listing knows it. */
export interface ListedTag {
  readonly tag: string;
  readonly digest: Digest | null;
  readonly immutable: boolean;
}

/** One registry of any kind, opened with its credentials. */
export interface RegistryConnector extends AsyncDisposable {
  /** What it does not list does not belong to the inventory, even when the registry has it (static lists). */
  readonly exhaustive: boolean;
  /** Pages from a cursor on. @throws InventoryError `catalogue_closed`, RegistryError */
  repositories(cursor: string | null, signal: AbortSignal): AsyncIterable<RepositoryPage>;
  /** Batches of tags; nothing when the repository is gone. */
  tags(path: string, signal: AbortSignal): AsyncIterable<readonly ListedTag[]>;
  /** The repository's content: tags, manifests, blobs. */
  content(path: string): ImageRepository;
  /** Answers at all? @throws RegistryError */
  ping(signal: AbortSignal): Promise<void>;
  /** Tries what works, leaving nothing behind. `known` are repositories to try with, when the listing has none. */
  abilities(known: readonly string[], signal: AbortSignal): Promise<RegistryAbilities>;
}

/** Opens connectors of onboarded registries. */
export interface RegistryConnectors {
  open(registry: RegistryRecord, sealedPassword: Uint8Array | null): RegistryConnector;
}
