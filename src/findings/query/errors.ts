import { CodedError } from '../../kernel/index.ts';

export type QueryErrorCode = 'filter_syntax' | 'filter_field' | 'filter_value' | 'filter_limit' | 'bad_cursor';

/**
 * A filter or position that cannot be used. `position` is the offset in the text where it goes wrong, -1 for filters that
 * did not come as text; `suggestion` is what was probably meant.
 */
export class QueryError extends CodedError<QueryErrorCode> {
  readonly position: number;
  readonly suggestion: string | undefined;

  constructor(
    code: QueryErrorCode,
    message: string,
    options: { position?: number; suggestion?: string | undefined; hint?: string } = {},
  ) {
    super(code, message, options);
    this.position = options.position ?? -1;
    this.suggestion = options.suggestion;
  }
}
