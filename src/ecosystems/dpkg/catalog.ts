import { displayPath, type UnionView } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage, LayerFacts, OsRelease } from '../contract.ts';
import { type DatabaseFile, type DpkgFacts, type DpkgRecord, dpkgVisitor } from './facts.ts';
import { hasFiles, judgeRecord } from './package.ts';

/** Packages of dpkg's database: `status`, and one file per package in `status.d` (distroless images). */
export const dpkgCataloger: Cataloger<DpkgFacts> = {
  id: 'dpkg',
  analysis: { id: 'dpkg', version: 1, visitor: dpkgVisitor },
  coalesce({ layers, view, os }: CatalogInput<DpkgFacts>): CatalogResult {
    const catalog = new Catalog(layers, view, os);
    catalog.readStatus();
    catalog.readDirectory();
    return { packages: catalog.packages, diagnostics: catalog.diagnostics };
  },
};

const statusPath = 'var/lib/dpkg/status';
const directoryPath = 'var/lib/dpkg/status.d';

/** One database file of the merged view and its versions in all layers, lowest first. */
interface Database {
  /** Canonical path, without following the last link. */
  readonly path: string;
  readonly file: DatabaseFile;
  readonly versions: readonly { readonly layer: number; readonly file: DatabaseFile }[];
}

class Catalog {
  readonly packages: InstalledPackage[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #layers: readonly LayerFacts<DpkgFacts>[];
  readonly #view: UnionView;
  readonly #os: OsRelease | undefined;
  readonly #known = new Set<string>();
  readonly #files = new Map<string, DatabaseFile>();
  /** All database files of all layers by the place that they have in the merged view. */
  readonly #versions = new Map<string, { layer: number; file: DatabaseFile }[]>();

  constructor(layers: readonly LayerFacts<DpkgFacts>[], view: UnionView, os: OsRelease | undefined) {
    this.#layers = layers;
    this.#view = view;
    this.#os = os;
    layers.forEach(({ facts }, layer) => {
      for (const file of facts.files) {
        this.#files.set(fileKey(layer, file.path), file);
        const path = view.canonical(file.path) ?? file.path;
        const known = this.#versions.get(path);
        if (known === undefined) this.#versions.set(path, [{ layer, file }]);
        else known.push({ layer, file });
      }
    });
  }

  readStatus(): void {
    const database = this.#open(statusPath);
    if (database !== undefined) this.#read(database, true);
  }

  readDirectory(): void {
    const directory = this.#view.resolve(directoryPath);
    if (directory?.type !== 'directory') return;
    for (const name of this.#view.children(directory.path)) {
      if (name.endsWith('.md5sums')) continue;
      const database = this.#open(directory.path === '' ? name : `${directory.path}/${name}`);
      if (database !== undefined) this.#read(database, false);
    }
  }

  #open(path: string): Database | undefined {
    const entry = this.#view.resolve(path);
    const content = entry?.content;
    if (entry === undefined || content === undefined) return undefined;
    const file = this.#files.get(fileKey(content.layer, content.path));
    if (file === undefined) {
      if (content.size > 0) this.#report('package_database_unreadable', path, 'it could not be read', true);
      return undefined;
    }
    const versions = this.#versions.get(entry.path) ?? [];
    return { path: entry.path, file, versions: versions.length > 0 ? versions : [{ layer: content.layer, file }] };
  }

  #read(database: Database, needsStatus: boolean): void {
    const { path, file } = database;
    if (file.truncated)
      this.#report('package_database_too_large', path, 'it is over the limits; the rest was not read', true);
    if (file.malformed > 0) this.#report('malformed_database', path, `${file.malformed} lines are no fields`, false);
    const origin = new Origins(database.versions);
    for (const record of file.records) {
      const judged = judgeRecord(record, needsStatus, this.#os);
      if (judged.kind === 'not-installed') continue;
      if (judged.kind === 'invalid') {
        this.#reportRecord(path, record, judged.problem);
        continue;
      }
      if (this.#known.has(recordKey(record))) continue;
      this.#known.add(recordKey(record));
      if (judged.problem !== undefined) this.#reportRecord(path, record, judged.problem);
      const layer = this.#layers[origin.of(record)];
      if (layer !== undefined) this.packages.push({ ...judged.identity, locations: [{ path, layer: layer.digest }] });
    }
  }

  #reportRecord(path: string, record: DpkgRecord, problem: string): void {
    const shown = `${JSON.stringify(record.name.slice(0, 100))} ${JSON.stringify(record.version.slice(0, 100))}`;
    const excluded = 'It is left out of matching and of every fix.';
    const message = `the package record ${shown} is not valid: ${problem}. ${excluded}`;
    this.#push({ code: 'package_invalid_metadata', path, message, partial: true });
  }

  #report(code: string, path: string, problem: string, partial: boolean): void {
    this.#push({
      code,
      path,
      message: `package database ${displayPath(path)}: ${problem}`,
      ...(partial && { partial }),
    });
  }

  /** A forged database could otherwise fill memory with complaints. */
  #push(diagnostic: Diagnostic): void {
    if (this.diagnostics.length < 1000) this.diagnostics.push(diagnostic);
  }
}

/**
 * Which layer brought a record: the lowest from which the same name, version and architecture is in every later
 * version of the database (scanning.md §1.7). The layer that merely rewrote the file is not blamed.
 */
class Origins {
  readonly #top: number;
  readonly #layers = new Map<string, number>();

  constructor(versions: Database['versions']) {
    this.#top = versions.at(-1)?.layer ?? 0;
    let open: Set<string> | undefined;
    for (const { layer, file } of versions.toReversed()) {
      const here = new Set(file.records.filter(hasFiles).map(recordKey));
      // Only what was in all versions above can still move down.
      open = open === undefined ? here : open.intersection(here);
      if (open.size === 0) break;
      for (const key of open) this.#layers.set(key, layer);
    }
  }

  of(record: DpkgRecord): number {
    return this.#layers.get(recordKey(record)) ?? this.#top;
  }
}

function fileKey(layer: number, path: string): string {
  return `${layer}\n${path}`;
}

function recordKey(record: DpkgRecord): string {
  return `${record.name}\n${record.version}\n${record.arch}`;
}
