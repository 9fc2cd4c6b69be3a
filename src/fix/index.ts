export type {
  AttachedDocument,
  BuiltRecord,
  FixDeps,
  FixJournal,
  FixLease,
  FixRecord,
  FixRequest,
  FixRun,
  FixSelection,
  FixSigner,
  FixStrategy,
  FixTarget,
  OpenedTarget,
  OverwritePolicy,
  OwnResult,
  PartRecord,
} from './contract.ts';
export { FixError, type FixFailure, type FixRefusal } from './errors.ts';
export { faultPoints } from './machine.ts';
export { runFix } from './run-fix.ts';
export { checkTag } from './target.ts';
