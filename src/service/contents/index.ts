export { createContentService } from './create-content-service.ts';
export type { ConfigStore, ContentDeps, KeptConfig, RegistryContents } from './ports.ts';
export { createRegistryContents } from './registry-contents.ts';
