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
  PlanPreview,
} from './contract.ts';
export { faultPoints } from './machine.ts';
export { worstOutcome } from './outcomes.ts';
export { runFix } from './run-fix.ts';
