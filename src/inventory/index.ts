export type {
  Ability,
  InventoryImage,
  RegistryAbilities,
  RegistryKind,
  RegistryRecord,
  RepositoryRecord,
  ScanState,
} from './contract.ts';
