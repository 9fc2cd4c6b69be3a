import { CodedError } from '../kernel/index.ts';

/** Refusals that every facade maps to its own vocabulary. */
export type ServiceErrorCode =
  | 'invalid_order'
  | 'invalid_field'
  | 'not_found'
  | 'conflict'
  | 'name_taken'
  | 'address_denied'
  | 'hook_denied'
  | 'too_many_rows'
  | 'too_many_exports'
  | 'too_many_tasks'
  | 'expired'
  | 'unavailable';

/** A use case was refused; nothing of it was stored. `field` names the input that is wrong, where one is. */
export class ServiceError extends CodedError<ServiceErrorCode> {
  readonly field: string | undefined;

  constructor(
    code: ServiceErrorCode,
    message: string,
    options: { field?: string; hint?: string; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(code, message, options);
    this.field = options.field;
  }
}
