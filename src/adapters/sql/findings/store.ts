import type { FindingsStore } from '../../../findings/index.ts';
import { packageHash } from '../../../findings/index.ts';
import { type Clock, systemClock } from '../../../kernel/index.ts';
import type { Db } from '../contract.ts';
import { createRiskSource, createRiskStore } from '../risks/index.ts';
import { imagesWithChains } from './base-images.ts';
import { byteKey } from './chunks.ts';
import { advance } from './generation.ts';
import { ingest } from './ingest.ts';
import { createMatchReaders } from './match-readers.ts';
import { findPackages } from './packages.ts';
import { createRecordIds } from './record-ids.ts';
import { forgetClosed, forgetImages, markStale, recount } from './recount.ts';
import { createRuleStore } from './rules.ts';
import { createFactsSource } from './source.ts';

/** The findings store in SQL, on either engine. */
export function createFindingsStore(db: Db, clock: Clock = systemClock): FindingsStore {
  return {
    ...createFactsSource(db),
    ...createRuleStore(db),
    ...createRecordIds(db, clock),
    ...createMatchReaders(db),
    ...createRiskSource(db),
    ...createRiskStore(db, clock),
    async knownPackages(packages) {
      const hashes = packages.map(packageHash);
      const found = await findPackages(db.kysely, hashes);
      return hashes.map((hash) => found.has(byteKey(hash)));
    },
    ingest: (facts, matching, options) => ingest(db, facts, matching, options),
    advance: (change) => advance(db, change),
    markStale: (manifestIds) => markStale(db, manifestIds),
    recount: (limit) => recount(db, limit),
    forgetClosed: (before, limit) => forgetClosed(db, before, limit),
    withChains: (chains) => imagesWithChains(db.kysely, chains),
    forgetImages: (manifestIds) => forgetImages(db, manifestIds),
  };
}
