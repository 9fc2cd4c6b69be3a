export { applyDecisions } from './apply.ts';
export type { IgnoreFile, IgnoreRule, ReportDecisions, VexAssertion, VexDocument, VexProduct } from './contract.ts';
export { readIgnoreFile } from './ignore-file.ts';
export { readVex } from './vex/read-vex.ts';
