export { applyDecisions } from './apply.ts';
export type { IgnoreFile, IgnoreRule, ReportDecisions, VexDocument, VexProduct, VexStatement } from './contract.ts';
export { DecisionError, type DecisionErrorCode } from './errors.ts';
export { readIgnoreFile } from './ignore-file.ts';
export { readVex } from './vex/read-vex.ts';
