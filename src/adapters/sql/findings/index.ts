export { createFindingsStore } from './store.ts';
