export type { FieldInfo } from './fields.ts';
export { checkFilter, everything, filterLimits, normaliseFilter } from './normalise.ts';
export { parseFilter } from './parse.ts';
