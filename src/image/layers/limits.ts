import type { LayerLimits } from './contract.ts';

const mib = 1024 * 1024;

/** The limits of scanning.md §1.8 for one layer. */
export const defaultLayerLimits: LayerLimits = {
  layerBytes: 32 * 1024 * mib,
  entries: 2_000_000,
  ratio: 200,
  ratioAfter: 256 * mib,
  paxBytes: mib,
  pathBytes: 4096,
  metadataBytes: 384 * mib,
  wholeFile: 256 * mib,
  databaseFile: 512 * mib,
};

/** Entries of all layers of one image together. */
export const imageEntryLimit = 5_000_000;
