import type { Check } from '../contract.ts';

/** A check of the trust in packages. */
export function packageCheck(check: Omit<Check, 'axis' | 'classKey' | 'nameKey'>): Check {
  return { ...check, axis: 'baseline', classKey: 'package_trust', nameKey: 'package_trust' };
}
