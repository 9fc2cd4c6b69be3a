import { CodedError } from '../../../kernel/index.ts';

/** `baseline_policy_invalid`: the file is no policy for the baseline; the message names the line and what is allowed there. */
export class BaselinePolicyError extends CodedError<'baseline_policy_invalid'> {}
