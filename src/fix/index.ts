export type {
  AttachedDocument,
  FixDeps,
  FixJournal,
  FixRecord,
  FixRequest,
  FixRun,
  FixSelection,
  FixSigner,
  FixStrategy,
  OpenedTarget,
  OverwritePolicy,
  OwnResult,
} from './contract.ts';
export { faultPoints } from './machine.ts';
export { runFix } from './run-fix.ts';
