import { CodedError } from '../../kernel/index.ts';

/**
 * A reference that cannot be opened.
 *
 * - `image_not_found`: nothing is stored under that name
 * - `source_unreadable`: the file or directory does not exist or may not be read
 * - `invalid_layout`: the directory or archive is not an OCI layout, or a damaged one
 * - `invalid_archive`: the file is not an archive of an image
 * - `compressed_archive`: the archive is compressed as a whole, so that its parts cannot be reached
 * - `ambiguous_image`: several images, and none was named
 * - `layout_busy`: another program keeps changing the same layout
 */
export class SourceError extends CodedError<
  | 'image_not_found'
  | 'source_unreadable'
  | 'invalid_layout'
  | 'invalid_archive'
  | 'compressed_archive'
  | 'ambiguous_image'
  | 'layout_busy'
> {}
