export { type AccountNames, type FirstAdministrator, hasSealed } from './account.ts';
export type {
  AccessAdmin,
  AuditRecord,
  GrantRecord,
  KeyRecord,
  TemporaryKey,
  TokenRecord,
  UserRecord,
} from './admin-contract.ts';
export { firstHash, hashAudit, type PendingAudit, pendingAudit } from './audit/chain.ts';
export type {
  AccessControl,
  AccessKey,
  Account,
  Actor,
  AuditEntry,
  AuditLog,
  Decision,
  Grant,
  Policy,
  PolicyStatement,
  Principal,
  Project,
  Sealer,
} from './contract.ts';
export { type Access, type AccessDeps, createAccess, createAccessAdmin } from './create-access.ts';
export type { AccessErrorCode } from './errors.ts';
export { builtInPolicies } from './policy/built-in.ts';
export { parsePolicyDocument } from './policy/document.ts';
export type {
  AccessReader,
  AccessStore,
  AccessWriter,
  AuditQuery,
  AuditRow,
  GrantRow,
  KeyRow,
  PolicyRow,
  SessionRow,
  TokenRow,
  UserRow,
  VolatileStore,
} from './ports.ts';
export { loadMasterKeys } from './secrets/master-key.ts';
export { newHexId } from './secrets/random-names.ts';
export { createSealer } from './secrets/sealer.ts';
export type { RequestBudget } from './sign-in/throttle.ts';
export { systemActor } from './system-actor.ts';
