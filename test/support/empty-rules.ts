import type { RuleSet } from '../../src/detectors/index.ts';

/** No rules at all. */
export const emptyRules: RuleSet = {
  version: 'none',
  rules: 0,
  needs: { sha1: false },
  scan: () => ({ chunk() {}, end: () => ({ hits: [], timedOut: false }) }),
  byHash: () => [],
};
