export { createAccessStore } from './store.ts';
export { type OpenVolatileStore, openVolatileStore } from './volatile-store.ts';
