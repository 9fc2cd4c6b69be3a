export type {
  ListedTag,
  RegistryConnector,
  RegistryConnectors,
  RepositoryPage,
  SeenRepository,
} from './connectors/contract.ts';
export { createConnectors } from './connectors/open.ts';
export { type OpenedRegistry, openOnboarded, type RegistryAccessOptions } from './connectors/opened.ts';
export { parseStaticReference, pinOf, type StaticReference } from './connectors/static.ts';
export type {
  Ability,
  InventoryImage,
  RegistryAbilities,
  RegistryKind,
  RegistryRecord,
  RepositoryRecord,
  ScanState,
} from './contract.ts';
export { InventoryError, type InventoryErrorCode } from './errors.ts';
export { isAuthentic } from './hooks/authenticate.ts';
export { eventWindowMs, type HookEvent, maxHookBytes, parseEvents } from './hooks/events.ts';
export type {
  ImageRow,
  ImageSelector,
  ImageStore,
  InventoryStore,
  NewImages,
  RegistryFields,
  RegistryQuery,
  RegistrySecrets,
  RegistryStore,
  RowWindow,
  Sealer,
  SyncStore,
  TagStore,
} from './ports.ts';
export { parseBaseUrl } from './rules/base-url.ts';
export { compilePathFilter, type PathFilter } from './rules/glob.ts';
export { imageUuid, newInstanceId, repositoryExtId, splitPath, vendorType } from './rules/identity.ts';
export type {
  ObservedImage,
  ObservedRoot,
  SyncRun,
  TagBatch,
  TagChanges,
  TagObservation,
  TagSource,
} from './sync/contract.ts';
export { readRoot } from './sync/read-root.ts';
export { type RegistrySyncDeps, type SyncJob, syncRegistry } from './sync/sync-registry.ts';
export { syncRequested } from './sync/sync-requested.ts';
