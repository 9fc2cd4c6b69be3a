import type { BlobStore } from '../blob-store.ts';
import type { EntryType, FileEntry, LayerWriter, UnionView, WrittenLayer } from '../layers/contract.ts';
import { baseName, displayPath, encodeName, joinPath, normalisePath, parentOf } from '../layers/names.ts';
import { encodeEntry, tarEnd, tarPadding } from '../layers/tar-writer.ts';
import { type Manifest, mediaTypes } from '../model.ts';
import { LayerWriteError } from './errors.ts';
import { LayerOutput } from './layer-output.ts';

/** What a layer is written over and into. */
export interface LayerWriterOptions {
  /** The file system below the new layer. */
  readonly view: UnionView;
  readonly store: BlobStore;
  /** Of the layer's descriptor; a zstd type selects zstd, everything else gzip. */
  readonly mediaType: string;
  readonly signal: AbortSignal;
  readonly limits?: { readonly pathBytes: number };
}

/** The media type of a layer to append: that of the manifest's family, so that Docker and OCI never mix. */
export function patchLayerMediaType(
  manifest: Pick<Manifest, 'mediaType'>,
  compression: 'gzip' | 'zstd' = 'gzip',
): string {
  if (manifest.mediaType === mediaTypes.dockerManifest) return mediaTypes.dockerLayer;
  return compression === 'zstd' ? mediaTypes.ociLayerZstd : mediaTypes.ociLayerGzip;
}

/**
 * A writer of one layer (fix-engine.md §5.1). Calls must follow each other; after a failure only `abort` makes sense.
 * Whiteouts are written at the end, one for each topmost removed path.
 * @throws LayerWriteError from every method; what the store fails with
 */
export function createLayerWriter(options: LayerWriterOptions): LayerWriter {
  return new Writer(options);
}

const whiteoutPrefix = '.wh.';

class Writer implements LayerWriter {
  readonly #view: UnionView;
  readonly #mediaType: string;
  readonly #pathBytes: number;
  readonly #output: LayerOutput;
  /** Everything in the layer so far, by canonical path. */
  readonly #written = new Map<string, EntryType>();
  /** Header bytes of directories, to leave out a second one that says the same. */
  readonly #directories = new Map<string, Uint8Array>();
  /** Directories that take the place of something else in the view: what is put there lies in the new directory. */
  readonly #replacing = new Set<string>();
  readonly #removed = new Set<string>();
  #files = 0;
  #state: 'open' | 'closed' = 'open';

  constructor({ view, store, mediaType, signal, limits }: LayerWriterOptions) {
    this.#view = view;
    this.#mediaType = mediaType;
    this.#pathBytes = limits?.pathBytes ?? 4096;
    this.#output = new LayerOutput(store, mediaType.endsWith('zstd') ? 'zstd' : 'gzip', signal);
  }

  async put(entry: FileEntry, content?: AsyncIterable<Uint8Array> | Uint8Array): Promise<void> {
    this.#mustBeOpen();
    const path = this.#place(entry.path);
    const placed = { ...entry, path, ...(entry.type === 'hardlink' && { link: this.#linkTarget(entry) }) };
    this.#check(placed);
    await this.#parents(path);
    if (entry.type === 'directory') {
      await this.#directory(placed);
      return;
    }
    this.#written.set(path, entry.type);
    this.#files++;
    await this.#output.write(encodeEntry(placed));
    if (entry.type === 'file') await this.#body(placed, content);
  }

  async remove(path: string): Promise<void> {
    this.#mustBeOpen();
    const canonical = this.#view.canonical(path);
    if (!canonical || this.#view.entry(canonical) === undefined) {
      throw invalid(path, 'nothing of that name is below, so a whiteout would be an error in other tools');
    }
    this.#removed.add(canonical);
  }

  async close(): Promise<WrittenLayer> {
    this.#mustBeOpen();
    const whiteouts = this.#topmostRemoved();
    for (const path of whiteouts) {
      await this.#parents(path);
      const marker = joinPath(parentOf(path), whiteoutPrefix + baseName(path));
      await this.#output.write(
        encodeEntry({ path: marker, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 }),
      );
    }
    await this.#output.write(tarEnd);
    this.#state = 'closed';
    const stored = await this.#output.close();
    return { ...stored, mediaType: this.#mediaType, files: this.#files, removed: whiteouts.length };
  }

  async abort(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    await this.#output.abort();
  }

  #mustBeOpen(): void {
    if (this.#state === 'closed') throw new LayerWriteError('writer_closed', 'the layer is closed');
  }

  /** Where an entry lands: links of the view are followed, except where this layer has put a directory in their place. */
  #place(path: string): string {
    const clean = normalisePath(path);
    if (clean === undefined || clean === '' || path.includes('\0') || encodeName(path).length > this.#pathBytes) {
      throw invalid(path, 'it is not a path inside the image');
    }
    for (let parent = parentOf(clean); parent !== ''; parent = parentOf(parent)) {
      if (this.#replacing.has(parent)) return clean;
    }
    const canonical = this.#view.canonical(clean);
    if (canonical === undefined) throw invalid(path, 'its directory is a chain of links without end');
    return canonical;
  }

  #linkTarget(entry: FileEntry): string {
    const target = this.#place(entry.link ?? '');
    const type = this.#written.get(target);
    if (type === 'file' || type === 'hardlink') return target;
    throw invalid(entry.path, `its hard link target ${displayPath(target)} is not in this layer yet`);
  }

  #check(entry: FileEntry): void {
    const { path, type } = entry;
    // Whatever its content, a package must not be able to remove files of the image by a name.
    if (path.startsWith(whiteoutPrefix) || path.includes(`/${whiteoutPrefix}`)) {
      throw invalid(path, 'unpackers would take it for a whiteout');
    }
    if (entry.sparse) throw invalid(path, 'the content of a sparse file is not known');
    if (type === 'directory') {
      if (this.#view.entry(path)?.type === 'symlink' && this.#view.resolve(path)?.type === 'directory') {
        throw invalid(path, 'a directory would replace a link to a directory');
      }
      if (this.#written.has(path) && this.#written.get(path) !== 'directory')
        throw invalid(path, 'it is there already');
    } else if (this.#written.has(path)) {
      throw invalid(path, 'it is in the layer already');
    }
  }

  /** Every directory on the way, with the metadata that the image has for it: an entry replaces attributes. */
  async #parents(path: string): Promise<void> {
    const missing: string[] = [];
    for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
      const type = this.#written.get(parent);
      if (type === 'directory') break;
      if (type !== undefined) throw invalid(path, `${displayPath(parent)} is not a directory in this layer`);
      missing.push(parent);
    }
    for (const parent of missing.reverse()) {
      const below = this.#view.entry(parent);
      if (below !== undefined && below.type !== 'directory') {
        throw invalid(path, `${displayPath(parent)} is not a directory in the image`);
      }
      await this.#directory(
        below ?? { path: parent, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 },
      );
    }
  }

  async #directory(entry: FileEntry): Promise<void> {
    const header = encodeEntry(entry);
    const before = this.#directories.get(entry.path);
    if (before !== undefined && Buffer.compare(before, header) === 0) return;
    const below = this.#view.entry(entry.path);
    if (below !== undefined && below.type !== 'directory') this.#replacing.add(entry.path);
    this.#written.set(entry.path, 'directory');
    this.#directories.set(entry.path, header);
    await this.#output.write(header);
  }

  async #body(entry: FileEntry, content: AsyncIterable<Uint8Array> | Uint8Array | undefined): Promise<void> {
    let written = 0;
    for await (const chunk of content instanceof Uint8Array ? [content] : (content ?? [])) {
      written += chunk.length;
      if (written > entry.size) break;
      await this.#output.write(chunk);
    }
    if (written !== entry.size) {
      const message = `${displayPath(entry.path)} should have ${entry.size} bytes, its content has another length`;
      throw new LayerWriteError('content_mismatch', message);
    }
    await this.#output.write(tarPadding(entry.size));
  }

  /** Removed paths that no other removal covers, in path order, so parents come first. */
  #topmostRemoved(): string[] {
    for (const [path, type] of this.#written) {
      // A file takes the place of what was there; a whiteout beside it would be a matter of order.
      if (type !== 'directory') this.#removed.delete(path);
      for (let at = path; at !== ''; at = parentOf(at)) {
        if (this.#removed.has(at)) throw invalid(at, 'it is removed and written in the same layer');
      }
    }
    const covered = (path: string): boolean => {
      for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
        if (this.#removed.has(parent)) return true;
      }
      return false;
    };
    return [...this.#removed].filter((path) => !covered(path)).sort();
  }
}

function invalid(path: string, why: string): LayerWriteError {
  return new LayerWriteError('invalid_entry', `${displayPath(path)} cannot be written: ${why}`);
}
