import type { Check } from '../contract.ts';

/** What is particular to one check. */
type Told = Omit<Check, 'axis' | 'classKey' | 'nameKey'>;

/** A check of how the image was built; counted apart. */
export function instructionCheck(check: Told): Check {
  return { ...check, axis: 'instruction', classKey: 'other', nameKey: 'other' };
}

/** A check of what the image is. */
export function configCheck(check: Told): Check {
  return { ...check, axis: 'baseline', classKey: 'image_config', nameKey: 'image_config' };
}
