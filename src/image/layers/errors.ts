import { CodedError } from '../../kernel/index.ts';

/**
 * A layer that cannot be read to its end. What was collected from it until then must not be used.
 *
 * - `too_large`: over a limit on unpacked bytes, compression ratio, or names and attributes (scanning.md §1.8)
 * - `too_many_entries`: over the limit on tar entries
 * - `corrupt_layer`: the compressed data is damaged or cut off
 * - `unsupported_compression`: compressed with something that the OCI specification does not know (xz, bzip2)
 */
export class LayerError extends CodedError<
  'too_large' | 'too_many_entries' | 'corrupt_layer' | 'unsupported_compression'
> {}
