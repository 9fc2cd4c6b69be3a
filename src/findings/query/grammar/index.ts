export { type FieldInfo, fieldNamed, fields } from './fields.ts';
export { formatFilter } from './format.ts';
export { checkFilter, everything, filterLimits, normaliseFilter, nothing } from './normalise.ts';
export { parseFilter } from './parse.ts';
