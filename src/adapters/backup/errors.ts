import { CodedError } from '../../kernel/index.ts';

/** Why an archive cannot be written or restored; nothing was changed then. */
export class BackupError extends CodedError<
  | 'archive_invalid'
  | 'archive_newer'
  | 'archive_tampered'
  | 'passphrase_needed'
  | 'passphrase_wrong'
  | 'target_not_empty'
> {}
