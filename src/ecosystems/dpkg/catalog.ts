import { displayPath, type UnionView } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage, LayerFacts, OsRelease } from '../contract.ts';
import { type Database, Databases, recordOrigins } from '../databases.ts';
import { fileOwners, type OwnedFiles } from '../file-owners.ts';
import { type DatabaseFile, type DpkgFacts, type DpkgRecord, dpkgVisitor } from './facts.ts';
import { listedPaths, listTexts } from './file-lists.ts';
import { hasFiles, judgeRecord } from './package.ts';

/** Packages of dpkg's database: `status`, and one file per package in `status.d` (distroless images). */
export const dpkgCataloger: Cataloger<DpkgFacts> = {
  id: 'dpkg',
  analysis: { id: 'dpkg', version: 2, visitor: dpkgVisitor },
  coalesce({ layers, view, os }: CatalogInput<DpkgFacts>): CatalogResult {
    const catalog = new Catalog(layers, view, os);
    catalog.readStatus();
    catalog.readDirectory();
    catalog.checkLists();
    const { packages, diagnostics } = catalog;
    return { packages, diagnostics, ...(packages.length > 0 && { owners: fileOwners(view, () => catalog.owned()) }) };
  },
};

const statusPath = 'var/lib/dpkg/status';
const directoryPath = 'var/lib/dpkg/status.d';
const infoPath = 'var/lib/dpkg/info';

class Catalog {
  readonly packages: InstalledPackage[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #layers: readonly LayerFacts<DpkgFacts>[];
  readonly #view: UnionView;
  readonly #os: OsRelease | undefined;
  readonly #known = new Set<string>();
  readonly #owners: { readonly purl: string; readonly layer: number; readonly path: string; record: DpkgRecord }[] = [];
  readonly #databases: Databases<DpkgFacts, DatabaseFile>;

  constructor(layers: readonly LayerFacts<DpkgFacts>[], view: UnionView, os: OsRelease | undefined) {
    this.#layers = layers;
    this.#view = view;
    this.#os = os;
    this.#databases = new Databases(layers, view, ({ files }) => files);
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

  /** Every package with the files of its list; read when a question comes. */
  *owned(): Generator<OwnedFiles> {
    const texts = listTexts(this.#layers, this.#view);
    for (const { purl, layer, path, record } of this.#owners) {
      yield { purl, layer, paths: () => listedPaths(texts, path, record) };
    }
  }

  /** Without a list the files of a package look like nobody's, and what is in them is reported a second time. */
  checkLists(): void {
    const left = this.#layers.reduce((sum, { facts }) => sum + facts.listsLeftOut, 0);
    if (left > 0) this.#report('file_lists_too_large', infoPath, `${left} file lists are over the limits`, false);
  }

  #open(path: string): Database<DatabaseFile> | undefined {
    const database = this.#databases.open(path);
    if (database !== 'unreadable') return database;
    this.#report('package_database_unreadable', path, 'it could not be read', true);
    return undefined;
  }

  #read(database: Database<DatabaseFile>, needsStatus: boolean): void {
    const { path, file } = database;
    if (file.truncated)
      this.#report('package_database_too_large', path, 'it is over the limits; the rest was not read', true);
    if (file.malformed > 0) this.#report('malformed_database', path, `${file.malformed} lines are no fields`, false);
    const originOf = recordOrigins(database.versions, ({ records }) => records.filter(hasFiles).map(recordKey));
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
      const layer = originOf(recordKey(record));
      const digest = this.#layers[layer]?.digest;
      if (digest === undefined) continue;
      this.packages.push({ ...judged.identity, locations: [{ path, layer: digest }] });
      this.#owners.push({ purl: judged.identity.purl, layer, path, record });
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

function recordKey(record: DpkgRecord): string {
  return `${record.name}\n${record.version}\n${record.arch}`;
}
