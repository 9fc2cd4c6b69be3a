import type { FileEntry, ImageView, LayerEntry } from '../../../../image/index.ts';
import type { Diagnostic } from '../../../../kernel/index.ts';

/** A file of the new layer whose bytes are in memory: derived state, database files. */
export interface DerivedPut {
  readonly entry: LayerEntry;
  readonly bytes: Uint8Array;
}

/** Everything that the new layer will hold, decided but not yet written. */
export class Draft {
  readonly view: ImageView;
  /** Entries out of packages: by package (its place in the plan), then by place in its archive. */
  readonly fromPackages: Map<number, LayerEntry>[] = [];
  /** Files computed by handlers, in the order in which they are to be written. */
  readonly derived = new Map<string, DerivedPut>();
  /** Files of the package database; written last. */
  readonly database = new Map<string, DerivedPut>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #written = new Map<string, LayerEntry>();
  readonly #removed = new Set<string>();
  /** Directories that hold a written path, at any depth. */
  readonly #occupied = new Set<string>();

  constructor(view: ImageView) {
    this.view = view;
  }

  /** What will lie at a canonical path. */
  after(path: string): FileEntry | undefined {
    return this.#written.get(path) ?? (this.#removed.has(path) ? undefined : this.view.entry(path));
  }

  /** Whether the layer itself writes the path. */
  writes(path: string): boolean {
    return this.#written.has(path);
  }

  /** Canonical paths that the layer writes or removes, directories included. */
  changed(): Iterable<string> {
    return [...this.#written.keys(), ...this.#removed];
  }

  /** Canonical paths that will be gone, parents before children. */
  removed(): readonly string[] {
    return [...this.#removed].sort();
  }

  isRemoved(path: string): boolean {
    return this.#removed.has(path);
  }

  /** Plans an entry of a package's archive. */
  putPackaged(place: number, index: number, entry: LayerEntry): void {
    let entries = this.fromPackages[place];
    if (entries === undefined) {
      entries = new Map();
      this.fromPackages[place] = entries;
    }
    entries.set(index, entry);
    this.#note(entry);
  }

  /** Plans a computed file or link. */
  putDerived(entry: LayerEntry, bytes: Uint8Array): void {
    this.derived.set(entry.path, { entry, bytes });
    this.#note(entry);
  }

  /** Plans a database file unless the image already holds the same. */
  putDatabase(path: string, bytes: Uint8Array, mode: number, mtime: number): void {
    const existing = this.view.entry(path);
    const body = existing?.type === 'file' ? this.view.small(path) : undefined;
    if (
      body !== undefined &&
      existing?.mode === mode &&
      existing.uid === 0 &&
      existing.gid === 0 &&
      Buffer.compare(body, bytes) === 0
    ) {
      return;
    }
    const entry: LayerEntry = { path, type: 'file', mode, uid: 0, gid: 0, size: bytes.length, mtime };
    this.database.set(path, { entry, bytes });
    this.#note(entry);
  }

  /** Plans to remove a canonical path; nothing happens when it is not there or written by the layer. */
  remove(path: string): void {
    if (this.#written.has(path) || this.view.entry(path) === undefined) return;
    this.#removed.add(path);
  }

  /** Whether a directory will hold nothing. */
  willBeEmpty(directory: string): boolean {
    if (this.#occupied.has(directory)) return false;
    return this.view.children(directory).every((name) => this.#removed.has(`${directory}/${name}`));
  }

  #note(entry: LayerEntry): void {
    this.#written.set(entry.path, entry);
    this.#removed.delete(entry.path);
    let path = entry.path;
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/')) {
      path = path.slice(0, slash);
      if (this.#occupied.has(path)) break;
      this.#occupied.add(path);
    }
  }
}
