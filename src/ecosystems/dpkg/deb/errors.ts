import { CodedError } from '../../../kernel/index.ts';

/**
 * Why a package file cannot be used. `invalid_package`: not a `.deb` of format 2, or damaged; `too_large`: a limit of
 * `DebLimits` was exceeded; `unsupported_compression`: a member in a compression that dpkg knows and Drydock does not;
 * `unsafe_path`: a payload path that would leave the root or holds a newline or NUL.
 */
export class DebError extends CodedError<'invalid_package' | 'too_large' | 'unsupported_compression' | 'unsafe_path'> {}
