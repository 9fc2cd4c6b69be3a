import type { Diagnostic } from '../../kernel/index.ts';
import type { FileEntry, LayerTree } from './contract.ts';
import { baseName, displayPath, joinPath, parentOf } from './names.ts';

const prefix = '.wh.';
const opaque = '.wh..wh..opq';
/** Storage-driver metadata of AUFS; everything below such a name is meant as well. */
const driverPrefix = '.wh..wh.';

/** Sorts the entries of one layer into files and whiteouts. */
export class TreeCollector {
  readonly #entries: FileEntry[] = [];
  readonly #whiteouts: string[] = [];
  readonly #opaques: string[] = [];
  readonly #report: (diagnostic: Diagnostic) => void;

  constructor(report: (diagnostic: Diagnostic) => void) {
    this.#report = report;
  }

  /** True for an ordinary entry, false for a whiteout or driver metadata, which nobody else gets to see. */
  add(entry: FileEntry): boolean {
    const { path } = entry;
    // One search instead of taking every path apart: hardly any contains the prefix.
    if (path.includes(prefix) && this.#isMarker(path)) return false;
    this.#entries.push(entry);
    return true;
  }

  get tree(): LayerTree {
    return { entries: this.#entries, whiteouts: this.#whiteouts, opaques: this.#opaques };
  }

  #isMarker(path: string): boolean {
    const directory = parentOf(path);
    const name = baseName(path);
    if (directory.startsWith(driverPrefix) || directory.includes(`/${driverPrefix}`)) return true;
    if (!name.startsWith(prefix)) return false;
    if (name === opaque) this.#opaques.push(directory);
    else if (!name.startsWith(driverPrefix)) this.#whiteout(path, directory, name.slice(prefix.length));
    return true;
  }

  #whiteout(path: string, directory: string, removed: string): void {
    if (removed !== '' && removed !== '.' && removed !== '..') {
      this.#whiteouts.push(joinPath(directory, removed));
      return;
    }
    const message = `the whiteout ${displayPath(path)} names no file; it was ignored`;
    this.#report({ code: 'suspicious_archive', path, message });
  }
}
