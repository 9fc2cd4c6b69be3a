import { CodedError } from '../kernel/index.ts';

/** Refusals of authentication and administration. */
export type AccessErrorCode =
  | 'bad_credentials'
  | 'locked'
  | 'sign_in_busy'
  | 'invalid_access_input'
  | 'access_name_taken'
  | 'access_in_use'
  | 'built_in_policy'
  | 'last_owner'
  | 'master_key_missing'
  | 'master_key_invalid'
  | 'master_key_mismatch'
  | 'sealed_data_damaged';

/** Nothing of what was asked has happened. `field` names the input that is wrong, where one is. */
export class AccessError extends CodedError<AccessErrorCode> {
  readonly field: string | undefined;
  /** For `locked`: ms until it is worth trying again. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: AccessErrorCode,
    message: string,
    options: { field?: string; retryAfterMs?: number; hint?: string; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(code, message, options);
    this.field = options.field;
    this.retryAfterMs = options.retryAfterMs;
  }
}
