import type { Diagnostic } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';

export type EntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

/**
 * One entry of a layer, normalised: no leading slash, no `.`/`..`, no trailing slash. Bytes of a name that are not
 * UTF-8 are carried as lone surrogates U+DC80…U+DCFF (Python's surrogateescape), so that nothing is dropped and the
 * writer restores the same bytes. Escape paths before display.
 */
export interface FileEntry {
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits incl. setuid, setgid, sticky (0–0o7777). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Content bytes of a regular file, 0 for everything else. */
  readonly size: number;
  /** A GNU sparse file: only its header is read, so no visitor sees its content. */
  readonly sparse?: true;
  /** Seconds since the epoch, whole. */
  readonly mtime: number;
  /** Target of a symlink as written; of a hardlink normalised like `path`. */
  readonly link?: string;
  readonly devMajor?: number;
  readonly devMinor?: number;
  /** Extended attributes by name; values are bytes. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

/**
 * What a visitor wants of an entry. `head` is the first 8 KiB; `whole` is bounded by `limits.wholeFile`; `stream` lets the
 * visitor wait for something between chunks; `sink` does not, and costs a fifth of it for each file.
 */
export type Interest = 'skip' | 'head' | 'whole' | 'stream' | 'sink';

/** Takes the content of one file while the layer is read. A throw becomes a diagnostic and ends the file. */
export interface ContentSink {
  /** @returns whether more is wanted. The bytes belong to the walk: they change after the call. */
  chunk(bytes: Uint8Array): boolean;
  /** All that was wanted has been seen, or the file has ended. Not called when the archive is cut off inside the file. */
  end(): void;
  /** Asked after `end`: what the walk has to wait for, in the few files that need more than their bytes passing by. */
  pending?(): Promise<void> | undefined;
}

/** Content handed to a visitor, as it asked for it. */
export type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly truncated: boolean }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<Uint8Array> };

/**
 * Looks at every entry of one layer in a single pass. `R` is serialised as JSON and cached by (layer digest, id,
 * version), so it must hold facts, not file bodies. Whiteouts are not shown to visitors; they are in the tree.
 */
export interface LayerVisitor<R> {
  readonly id: string;
  readonly version: number;
  /** Cheap: called for every entry. Only regular files have content. */
  wants(entry: FileEntry): Interest;
  /** Called for entries that were not skipped. A throw becomes a diagnostic; it never ends the walk. */
  file(entry: FileEntry, content: FileContent): void | Promise<void>;
  /** Called instead of `file` for entries with the interest `sink`. */
  sink?(entry: FileEntry): ContentSink;
  /** Waited for before `finish`, by visitors that work elsewhere. */
  settle?(): Promise<void>;
  finish(): R;
}

/** Every entry of a layer, and what it removes from the layers below. Serialisable. */
export interface LayerTree {
  readonly entries: readonly FileEntry[];
  /** Paths removed from lower layers by `.wh.<name>`. */
  readonly whiteouts: readonly string[];
  /** Directories whose lower content is hidden by `.wh..wh..opq`. */
  readonly opaques: readonly string[];
}

/** The outcome of walking one layer once. */
export interface LayerWalk {
  readonly tree: LayerTree;
  /** Results by visitor id. */
  readonly results: ReadonlyMap<string, unknown>;
  /** Digest of the uncompressed bytes, when it was computed. */
  readonly diffId: Digest | undefined;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Limits of scanning.md §1.8; only an administrator raises them. */
export interface LayerLimits {
  readonly layerBytes: number;
  readonly entries: number;
  readonly ratio: number;
  /** The ratio is judged only after this many bytes were produced. */
  readonly ratioAfter: number;
  readonly paxBytes: number;
  readonly pathBytes: number;
  /** Bytes of all names, link targets and attributes of one layer together: they are kept in memory. */
  readonly metadataBytes: number;
  readonly wholeFile: number;
  /** Package databases may be larger than other whole files. */
  readonly databaseFile: number;
}

/** Where an entry of the merged file system comes from. */
export interface ViewEntry extends FileEntry {
  /** Index of the layer, 0 = lowest. */
  readonly layer: number;
  /**
   * The entry that holds the content: itself, or for a hardlink the file it leads to (type `file`), or undefined
   * for a hardlink without target.
   */
  readonly content: { readonly layer: number; readonly path: string; readonly size: number } | undefined;
}

/** The merged file system of an image as metadata; paths are canonical (parent links followed). */
export interface UnionView {
  /** The entry at a path whose *parent* is resolved through links; the last component is not followed. */
  entry(path: string): ViewEntry | undefined;
  /**
   * Parent links followed inside the virtual root, at most 40 hops; the last component never.
   * A cycle or too many hops gives undefined.
   */
  canonical(path: string): string | undefined;
  /** Like `entry`, but the last component is followed too. */
  resolve(path: string): ViewEntry | undefined;
  /** Names (not paths) in a canonical directory, sorted. */
  children(directory: string): readonly string[];
  /** All entries, in path order. */
  entries(): Iterable<ViewEntry>;
  /** Entries of lower layers that an upper layer removed or replaced. */
  shadowed(): Iterable<{ readonly entry: FileEntry; readonly layer: number; readonly by: number }>;
}

/** The merged view of an image whose content can be read in declared passes (fix-engine.md §4). */
export interface ImageView extends UnionView {
  /** Body of a path that the opener declared an interest in; undefined when absent. Follows no link. */
  small(path: string): Uint8Array | undefined;
  /** Hashes of regular files of the merged view; only the layers that own one of the paths are read again. */
  digests(
    paths: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, { readonly sha256: string; readonly md5: string }>>;
}

/** An entry for a new layer. `link` of a hardlink must name an entry written before in the same layer. */
export type LayerEntry = FileEntry;

/** Writes one new layer; see fix-engine.md §5.1 for the rules that it keeps. */
export interface LayerWriter {
  /** Adds missing parent directories with the view's metadata first. Content is required for regular files with size > 0. */
  put(entry: LayerEntry, content?: AsyncIterable<Uint8Array> | Uint8Array): Promise<void>;
  /** Whiteout; only for paths that exist in the view below and are not written in this layer. */
  remove(path: string): Promise<void>;
  close(): Promise<WrittenLayer>;
  /** Gives up and leaves nothing behind. */
  abort(): Promise<void>;
}

export interface WrittenLayer {
  /** Of the compressed bytes, in the blob store. */
  readonly digest: Digest;
  readonly diffId: Digest;
  /** Compressed bytes. */
  readonly size: number;
  readonly mediaType: string;
  readonly files: number;
  readonly removed: number;
}
