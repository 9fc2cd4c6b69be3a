export type { ProbePayload, RegistryServiceDeps, SyncPayload } from './contract.ts';
export { createFixResults } from './fix-results.ts';
export { createInventoryImages } from './inventory-images.ts';
export { probe } from './probe.ts';
export { createRegistryService } from './service.ts';
