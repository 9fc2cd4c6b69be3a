import type { AdvisoryIndex } from '../advisories/index.ts';

/** An index that knows nothing, for lists of packages: they are the same whatever is known about them. */
export function noAdvisories(now: Date): AdvisoryIndex {
  return {
    snapshot: { id: 'none', createdAt: now.toISOString(), origin: 'bundled', sources: [] },
    covers: () => false,
    match: () => ({ matches: [], unmatched: [], malicious: [] }),
    predictions: () => new Map(),
    [Symbol.dispose]() {},
  };
}
