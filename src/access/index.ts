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
} from './contract.ts';
