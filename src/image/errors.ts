import { CodedError } from '../kernel/index.ts';

/**
 * An image that cannot be read as what it claims to be.
 *
 * - `invalid_manifest`: not a manifest or index, or one that could be read in two ways
 * - `invalid_config`: the image config is malformed or does not fit the manifest
 * - `unsupported_schema1`: Docker schema 1, withdrawn years ago
 * - `unsupported_media_type`: a document of a kind that is not an image
 * - `manifest_too_large`: over 4 MiB, 1,000 layers, or 4 levels of indexes
 * - `platform_not_found`: the image has no such platform
 * - `digest_mismatch`: the bytes are not those that the digest names
 * - `unsupported_image`: readable, but it cannot be changed without guessing (for example duplicate JSON keys)
 */
export class ImageError extends CodedError<
  | 'invalid_manifest'
  | 'invalid_config'
  | 'unsupported_schema1'
  | 'unsupported_media_type'
  | 'manifest_too_large'
  | 'platform_not_found'
  | 'digest_mismatch'
  | 'unsupported_image'
> {}
