export { createExportStore } from './store.ts';
