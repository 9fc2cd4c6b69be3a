import { CodedError } from '../../kernel/index.ts';

/** What the native API itself refuses, before a use case is asked. */
export type NativeErrorCode =
  | 'unauthenticated'
  | 'denied'
  | 'csrf_missing'
  | 'invalid_request'
  | 'invalid_field'
  | 'not_found'
  | 'precondition_failed'
  | 'idempotency_key_reused'
  | 'secret_shown_once'
  | 'locked'
  | 'rate_limited'
  | 'too_many_streams'
  | 'unavailable';

/** A refusal of the native API. `field` names the input that is wrong. */
export class NativeError extends CodedError<NativeErrorCode> {
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: NativeErrorCode,
    message: string,
    options: { field?: string; hint?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(code, message, options);
    this.field = options.field;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The one answer to objects that do not exist and to those of other projects: nothing in it tells which. */
export function missing(what: string): NativeError {
  return new NativeError('not_found', `There is no such ${what}`);
}

/** The value, or the answer for what is missing. @throws NativeError `not_found` */
export function found<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw missing(what);
  return value;
}
