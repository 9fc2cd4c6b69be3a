export { applyDecisions } from './apply.ts';
export type { IgnoreFile, IgnoreRule, ReportDecisions, VexAssertion, VexDocument, VexProduct } from './contract.ts';
export { DecisionError, type DecisionErrorCode } from './errors.ts';
export { readIgnoreFile } from './ignore-file.ts';
export { packageUrlParts } from './product.ts';
export { readVex } from './vex/read-vex.ts';
