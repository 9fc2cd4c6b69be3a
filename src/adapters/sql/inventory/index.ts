export { createInventoryStore } from './store.ts';
