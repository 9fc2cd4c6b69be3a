import type { Clock } from '../../../../kernel/index.ts';
import { type BundleIndex, openBundle } from './bundle.ts';
import type { RepositoryConfig } from './config.ts';
import type { FreshnessStore } from './freshness.ts';
import type { MirrorAccess } from './mirrors.ts';

/** Keeps parsed indexes between runs, by a key that names the hash of the signed original. */
export interface IndexCache {
  /** Undefined when absent. What comes back is checked again, so a damaged entry counts as absent. */
  get(key: string): Promise<Buffer | undefined>;
  /** Best effort: a full disk is no reason to fail a plan. */
  put(key: string, content: Buffer): Promise<void>;
}

/** What reading signed indexes needs of the outside. */
export interface ArchiveDeps extends MirrorAccess {
  readonly config: RepositoryConfig;
  readonly clock: Clock;
  readonly freshness: FreshnessStore;
  readonly cache: IndexCache;
  /** Armored text of a keyring of `data/keyrings`, undefined when there is none of this name. */
  readonly builtinKeyring: (name: string) => Promise<string | undefined>;
}

/** A cache that forgets at the end of the process. */
export function memoryIndexCache(): IndexCache {
  const entries = new Map<string, Buffer>();
  return {
    get: async (key) => entries.get(key),
    put: async (key, content) => {
      entries.set(key, content);
    },
  };
}

/** Completes the parts that `app/` chooses: each offline bundle is verified once and remembered. */
export function createArchiveDeps<T extends Omit<ArchiveDeps, 'bundle'>>(parts: T): T & Pick<ArchiveDeps, 'bundle'> {
  const bundles = new Map<string, Promise<BundleIndex>>();
  return {
    ...parts,
    bundle(mirror, signal) {
      const key = `${mirror.bundle}\n${mirror.publicKey}`;
      const known = bundles.get(key);
      if (known !== undefined) return known;
      const opening = openBundle(mirror, parts.files, parts.freshness, signal);
      bundles.set(key, opening);
      opening.catch(() => bundles.delete(key));
      return opening;
    },
  };
}
