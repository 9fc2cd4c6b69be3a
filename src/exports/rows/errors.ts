import { CodedError } from '../../kernel/index.ts';

/** Why an export cannot be produced. */
export type ExportErrorCode = 'rows_changed' | 'rows_mismatch' | 'snapshot_damaged' | 'file_too_large';

/** An export failed; no file of it can be downloaded. */
export class ExportError extends CodedError<ExportErrorCode> {}
