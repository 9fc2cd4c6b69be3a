export { createRiskSource } from './source.ts';
export { createRiskStore } from './store.ts';
