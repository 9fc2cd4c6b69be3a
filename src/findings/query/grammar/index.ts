export type { FieldInfo } from './fields.ts';
export { formatFilter } from './format.ts';
export { checkFilter, everything, filterLimits, normaliseFilter } from './normalise.ts';
export { parseFilter } from './parse.ts';
