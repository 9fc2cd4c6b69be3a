import type { Readable } from 'node:stream';
import type { FileEntry, OwnerNames } from '../../../image/index.ts';

/** Caps of one package (fix-engine.md §1). */
export interface DebLimits {
  /** Bytes of one control file or script. */
  readonly controlFile: number;
  /** Unpacked bytes of all control files together. */
  readonly control: number;
  /** Unpacked bytes of `data.tar`. */
  readonly payload: number;
  /** Unpacked : packed; judged only after `ratioAfter` unpacked bytes. */
  readonly ratio: number;
  readonly ratioAfter: number;
}

/** The control archive of a package: everything that describes it, nothing of its payload. */
export interface DebControl {
  /** Files of `control.tar` by bare name (`control`, `md5sums`, `conffiles`, `postinst` …), in archive order. */
  readonly files: ReadonlyMap<string, DebControlFile>;
}

export interface DebControlFile {
  readonly bytes: Uint8Array;
  /** Permission bits as packaged. */
  readonly mode: number;
}

/** One entry of the payload. */
export interface DebDataEntry {
  /** Normalised as in a layer: no leading `./` or `/`; an entry that would leave the root ends in an error. */
  readonly entry: FileEntry;
  /** Owner by name; where an image knows the name, its number there counts, not the one of the entry. */
  readonly owner: OwnerNames;
  /**
   * Bytes of a regular file, empty for everything else. Must be read, or left alone, before the next entry is asked
   * for: the rest is skipped then. At most one chunk is in memory.
   */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Opens the package file from its first byte, usually `BlobStore.open` of a verified package. */
export type OpenPackage = () => Promise<Readable>;

/**
 * Reads packages; made by `createDebReader`, replaced by doubles in tests. Never open a second package inside the loop
 * over a first one: few xz streams of the process run at a time, so it may wait forever. Independent readers may run
 * side by side.
 */
export interface DebReader {
  /** @throws DebError when the package is not one or exceeds a limit. */
  readControl(open: OpenPackage, signal: AbortSignal): Promise<DebControl>;
  /** Entries in archive order, with backpressure. Ending the loop early closes the stream. @throws DebError */
  readData(open: OpenPackage, signal: AbortSignal): AsyncIterable<DebDataEntry>;
}
