import { CodedError } from '../../../../kernel/index.ts';

/**
 * Why a package repository cannot be used. `metadata_untrusted`: signature, identity, hash or grammar of signed data
 * is wrong; `metadata_stale`: it is properly signed but too old, or older than what was seen before;
 * `mirror_unavailable`: no configured base answered; `download_failed`: a listed file is missing, short or wrong;
 * `limit_exceeded`: an answer is larger than its cap or arrives too slowly; `unknown_release`: no source is configured
 * for the operating system of the image; `invalid_configuration`: the configuration of archives or sources is wrong.
 */
export class RepositoryError extends CodedError<
  | 'metadata_untrusted'
  | 'metadata_stale'
  | 'mirror_unavailable'
  | 'download_failed'
  | 'limit_exceeded'
  | 'unknown_release'
  | 'invalid_configuration'
> {}
