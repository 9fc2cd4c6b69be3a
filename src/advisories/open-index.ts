import type { Ecosystem } from '../ecosystems/index.ts';
import type { AdvisoryIndex, AdvisorySnapshot } from './contract.ts';
import type { FactStore } from './facts.ts';
import { SqliteFactStore } from './index/sqlite-store.ts';
import { matchPackages } from './match/matcher.ts';

/** The index over a store of facts, with the version orders of the given ecosystems. */
export function indexOver(store: FactStore, ecosystems: readonly Ecosystem[]): AdvisoryIndex {
  return {
    snapshot: store.snapshot,
    covers: (ecosystem) => store.covers(ecosystem),
    match: (packages, os) => matchPackages(packages, os, ecosystems, store),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

/**
 * Opens an index file read-only.
 * @throws AdvisoryError `index_invalid`
 */
export function openAdvisoryIndex(
  path: string,
  options: { readonly ecosystems: readonly Ecosystem[] } & Pick<AdvisorySnapshot, 'id' | 'origin'>,
): AdvisoryIndex {
  return indexOver(new SqliteFactStore(path, options), options.ecosystems);
}
