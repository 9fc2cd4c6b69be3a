export { packBody, unpackBody } from './body.ts';
export { createRiskSource } from './source.ts';
export { createRiskStore } from './store.ts';
