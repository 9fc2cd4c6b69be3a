import { CodedError } from '../../kernel/index.ts';

export type FactsErrorCode =
  /** Stored facts contradict themselves; `drydock doctor` says where. */
  | 'facts_damaged'
  /** Other advisories became active while matches were being derived; the work has to begin again. */
  | 'generation_moved'
  /** The image is not in the inventory. */
  | 'unknown_image';

/** Failures of the findings store. Nothing of the transaction that failed was stored. */
export class FactsError extends CodedError<FactsErrorCode> {}
