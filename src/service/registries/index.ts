export type { ProbePayload, RegistryServiceDeps, SyncPayload } from './contract.ts';
export { createFixResults } from './fix-results.ts';
export { probe } from './probe.ts';
export { createRegistryService } from './service.ts';
