import type { Ecosystem } from '../ecosystems/index.ts';
import type { AdvisoryIndex, AdvisorySnapshot, Prediction } from './contract.ts';
import type { FactStore } from './facts.ts';
import { SqliteFactStore } from './index/sqlite-store.ts';
import { matchPackages } from './match/matcher.ts';

/** The index over a store of facts, with the version orders of the given ecosystems. */
export function indexOver(store: FactStore, ecosystems: readonly Ecosystem[]): AdvisoryIndex {
  return {
    snapshot: store.snapshot,
    covers: (ecosystem) => store.covers(ecosystem),
    match: (packages, os) => matchPackages(packages, os, ecosystems, store),
    predictions: (cves) => predictionsOf(cves, store),
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

function predictionsOf(cves: readonly string[], store: FactStore): Map<string, Prediction> {
  const scores = store.epss(cves);
  const known = new Map<string, Prediction>();
  for (const cve of cves) {
    const prediction = { kev: store.exploited(cve), epss: scores.get(cve) ?? null };
    if (prediction.kev || prediction.epss !== null) known.set(cve, prediction);
  }
  return known;
}
