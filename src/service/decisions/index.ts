export type { DecisionDeps } from './contract.ts';
export { expireDecisions } from './expire.ts';
export { decisionFilter } from './filter.ts';
export { createDecisionService } from './service.ts';
