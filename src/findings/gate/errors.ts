import { CodedError } from '../../kernel/index.ts';

/** `policy_invalid`: the file is no policy; `policy_unreadable`: there is no such file, or it cannot be read. */
export class PolicyError extends CodedError<'policy_invalid' | 'policy_unreadable'> {}
