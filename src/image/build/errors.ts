import { CodedError } from '../../kernel/index.ts';

/**
 * A layer that must not be written as asked. These are violations of the rules in fix-engine.md §5.1, or content of
 * a package that would break them; the layer is given up.
 *
 * - `invalid_entry`: a name, link or order that unpackers would understand differently than it is meant
 * - `content_mismatch`: more or fewer bytes than the entry's size
 * - `writer_closed`: the writer was closed or given up before
 */
export class LayerWriteError extends CodedError<'invalid_entry' | 'content_mismatch' | 'writer_closed'> {}
