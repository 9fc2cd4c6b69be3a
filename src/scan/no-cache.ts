import type { LayerAnalysisCache } from './ports.ts';

/** Remembers nothing. */
export const noCache: LayerAnalysisCache = { get: async () => undefined, put: async () => {} };
