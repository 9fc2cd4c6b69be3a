export type { DecisionDeps } from './contract.ts';
export { expireDecisions } from './expire.ts';
export { createDecisionService } from './service.ts';
