import { CodedError } from '../../kernel/index.ts';

/**
 * `archive_invalid`: not an archive, or its directory is damaged. `member_invalid`: one member is not what the directory
 * says (position, size, checksum). `member_unsupported`: encrypted, or packed in a way that is not read.
 * `archive_limit`: a limit of `limits.ts`, or the one that the caller set for a member.
 */
export type ArchiveErrorCode = 'archive_invalid' | 'member_invalid' | 'member_unsupported' | 'archive_limit';

/** A problem with one archive or one of its members. The message names neither: the caller knows them. */
export class ArchiveError extends CodedError<ArchiveErrorCode> {}
