import { displayPath, type UnionView } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage, LayerFacts, OsRelease } from '../contract.ts';
import { type Database, Databases, recordOrigins } from '../databases.ts';
import { fileOwners, type OwnedFiles } from '../file-owners.ts';
import { type ApkDatabaseFile, type ApkFacts, apkVisitor } from './facts.ts';
import { type ApkRecord, filePaths } from './installed.ts';
import { apkRecordKey, judgeApkRecord } from './package.ts';

/** Packages of apk's database, with the files that they own. */
export const apkCataloger: Cataloger<ApkFacts> = {
  id: 'apk',
  analysis: { id: 'apk', version: 1, visitor: apkVisitor },
  coalesce({ layers, view, os }: CatalogInput<ApkFacts>): CatalogResult {
    const catalog = new Catalog(layers, view, os);
    for (const path of databasePaths) catalog.read(path);
    catalog.checkBranch();
    const { packages, diagnostics, owned } = catalog;
    return { packages, diagnostics, ...(owned.length > 0 && { owners: fileOwners(view, () => owned) }) };
  },
};

/** Where apk keeps its database; since 3.22 the first is a link to the second. */
const databasePaths = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];
const repositoriesPath = 'etc/apk/repositories';

class Catalog {
  readonly packages: InstalledPackage[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly owned: OwnedFiles[] = [];
  readonly #layers: readonly LayerFacts<ApkFacts>[];
  readonly #view: UnionView;
  readonly #os: OsRelease | undefined;
  readonly #databases: Databases<ApkFacts, ApkDatabaseFile>;
  readonly #read = new Set<string>();
  readonly #known = new Set<string>();

  constructor(layers: readonly LayerFacts<ApkFacts>[], view: UnionView, os: OsRelease | undefined) {
    this.#layers = layers;
    this.#view = view;
    this.#os = os;
    this.#databases = new Databases(layers, view, ({ files }) => files);
  }

  read(path: string): void {
    const database = this.#databases.open(path);
    if (database === undefined) return;
    if (database === 'unreadable') {
      this.#report('package_database_unreadable', path, 'it could not be read', true);
    } else if (!this.#read.has(database.path)) {
      this.#read.add(database.path);
      this.#take(database);
    }
  }

  #take({ path, file, versions }: Database<ApkDatabaseFile>): void {
    if (file.truncated)
      this.#report('package_database_too_large', path, 'it is over the limits; the rest was not read', true);
    if (file.malformed > 0) this.#report('malformed_database', path, `${file.malformed} lines are no fields`, false);
    const originOf = recordOrigins(versions, ({ records }) => records.map(apkRecordKey));
    for (const record of file.records) {
      const judged = judgeApkRecord(record, this.#os);
      if (judged.kind === 'virtual') continue;
      const problem = judged.problem;
      if (problem !== undefined) this.#reportRecord(path, record, problem);
      const key = apkRecordKey(record);
      if (judged.kind === 'invalid' || this.#known.has(key)) continue;
      this.#known.add(key);
      const layer = originOf(key);
      const digest = this.#layers[layer]?.digest;
      if (digest === undefined) continue;
      this.packages.push({ ...judged.identity, locations: [{ path, layer: digest }] });
      const { files } = record;
      if (files !== '') this.owned.push({ purl: judged.identity.purl, layer, paths: () => filePaths(files) });
    }
  }

  /** Packages of edge have versions of their own: data about a release says nothing, or the wrong thing, about them. */
  checkBranch(): void {
    if (this.#os?.id !== 'alpine' || this.packages.length === 0) return;
    const { path, versionId } = this.#os;
    if (versionId === 'edge') {
      const message =
        'This is Alpine edge, for which no advisory data of a release holds: its packages are neither affected nor clean (distro_unsupported).';
      this.#push({ code: 'distro_unsupported', path, message, partial: true });
    } else if (this.#branches().includes('edge')) {
      const message =
        'Packages may come from Alpine edge as well as from the release; those of edge are judged by the data of the release.';
      this.#push({ code: 'mixed_release', path: repositoriesPath, message, partial: true });
    }
  }

  #branches(): readonly string[] {
    const content = this.#view.resolve(repositoriesPath)?.content;
    const files = content && this.#layers[content.layer]?.facts.repositories;
    return files?.find(({ path }) => path === content?.path)?.branches ?? [];
  }

  #reportRecord(path: string, record: ApkRecord, problem: string): void {
    const shown = `${JSON.stringify(record.name.slice(0, 100))} ${JSON.stringify(record.version.slice(0, 100))}`;
    const message = `the package record ${shown} is not valid: ${problem}. It is left out of matching.`;
    this.#push({ code: 'package_invalid_metadata', path, message, partial: true });
  }

  #report(code: string, path: string, problem: string, partial: boolean): void {
    const message = `package database ${displayPath(path)}: ${problem}`;
    this.#push({ code, path, message, ...(partial && { partial }) });
  }

  /** A forged database could otherwise fill memory with complaints. */
  #push(diagnostic: Diagnostic): void {
    if (this.diagnostics.length < 1000) this.diagnostics.push(diagnostic);
  }
}
