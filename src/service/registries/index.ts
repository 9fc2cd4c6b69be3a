export type { ProbePayload, RegistryServiceDeps, SyncPayload } from './contract.ts';
export { probe } from './probe.ts';
export { createRegistryService } from './service.ts';
