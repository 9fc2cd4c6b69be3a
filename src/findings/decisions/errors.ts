import { CodedError } from '../../kernel/index.ts';

export type DecisionErrorCode =
  /** The document is no VEX document of a known format, or breaks its format in a way that leaves nothing to use. */
  | 'vex_invalid'
  /** The ignore file cannot be read as what it claims to be. */
  | 'ignore_file_invalid';

/** Failures of reading decisions: nothing of the document is applied. */
export class DecisionError extends CodedError<DecisionErrorCode> {}
