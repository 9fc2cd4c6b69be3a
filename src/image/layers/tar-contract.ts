import type { Diagnostic } from '../../kernel/index.ts';
import type { FileEntry, LayerLimits } from './contract.ts';
import type { OwnerNames } from './tar-header.ts';

/** The limits that concern the structure of an archive. */
export type TarLimits = Pick<LayerLimits, 'entries' | 'paxBytes' | 'pathBytes' | 'metadataBytes'>;

/** What {@link TarParser.next} found. */
export type TarEvent =
  | {
      readonly kind: 'entry';
      readonly entry: FileEntry;
      /** Only where the parser was asked for names: images count by numbers alone. */
      readonly owner?: OwnerNames;
    }
  /** Bytes of the current entry's body, a view of the fed chunk. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  /** The body is complete; also sent for entries without one, never for skipped ones. */
  | { readonly kind: 'end' }
  /** The chunk is used up. */
  | { readonly kind: 'more' };

/**
 * A tar reader without input or output of its own: it is fed chunks of any size and asked for events until it wants
 * more. So the caller decides where to wait, and skipping a body costs nothing.
 */
export interface TarParser {
  /** Gives the next chunk; allowed when `next` answered `more`. The chunk must not change afterwards. */
  feed(chunk: Uint8Array): void;
  /** @throws LayerError `too_many_entries`, `too_large` */
  next(): TarEvent;
  /** Leaves out the body of the current entry; directly after its `entry` event or between its `data` events. */
  skip(): void;
  /** The input has ended: adds the diagnostics of a missing end. */
  finish(): void;
  /** Problems so far; complete after `finish`. */
  readonly diagnostics: readonly Diagnostic[];
}
