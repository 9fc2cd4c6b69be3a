import { displayPath, type UnionView } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage } from '../contract.ts';
import { type Database, Databases, recordOrigins } from '../databases.ts';
import { fileOwners, type OwnedFiles } from '../file-owners.ts';
import type { RpmRecord } from './database/record.ts';
import { type RpmDatabase, type RpmFacts, rpmVisitor } from './facts.ts';
import { isPublicKey, judgeRecord, recordKey, sourceEpochs } from './package.ts';

/** Packages of rpm's database in its three formats, and of the manifests of images without one. */
export const rpmCataloger: Cataloger<RpmFacts> = {
  id: 'rpm',
  analysis: { id: 'rpm', version: 2, visitor: rpmVisitor },
  coalesce(input: CatalogInput<RpmFacts>): CatalogResult {
    const catalog = new Catalog(input);
    for (const directory of databaseDirectories) catalog.readFirst(databaseNames.map((name) => `${directory}/${name}`));
    catalog.readFirst(manifests);
    const { packages, diagnostics } = catalog;
    return { packages, diagnostics, owners: fileOwners(input.view, () => catalog.owned) };
  },
};

/** Where rpm keeps its database: of old, in newer SUSE and Fedora releases, in images made by rpm-ostree. */
export const databaseDirectories = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'];
/** Newest first: rpm uses the newest that is there; a database that was converted may leave the old one behind. */
export const databaseNames = ['rpmdb.sqlite', 'Packages.db', 'Packages'];
/** The second tells more. */
const manifests = ['var/lib/rpmmanifest/container-manifest-2', 'var/lib/rpmmanifest/container-manifest-1'];
const maxDiagnostics = 1000;

class Catalog {
  readonly packages: InstalledPackage[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly owned: OwnedFiles[] = [];
  readonly #input: CatalogInput<RpmFacts>;
  readonly #databases: Databases<RpmFacts, RpmDatabase>;
  readonly #known = new Set<string>();
  /** Canonical paths: the places are often links to each other. */
  readonly #read = new Set<string>();

  constructor(input: CatalogInput<RpmFacts>) {
    this.#input = input;
    this.#databases = new Databases(input.layers, input.view, ({ files }) => files);
  }

  /** Reads the first of several files that is there. */
  readFirst(paths: readonly string[]): void {
    for (const path of paths) {
      const database = this.#databases.open(path);
      if (database === undefined) continue;
      if (database === 'unreadable') this.#report('package_database_unreadable', path, 'it could not be read');
      else if (!this.#read.has(database.path)) {
        this.#read.add(database.path);
        this.#catalogue(database);
      }
      return;
    }
  }

  #catalogue(database: Database<RpmDatabase>): void {
    const { path, file } = database;
    for (const problem of file.problems) this.#report('package_database_damaged', path, problem);
    this.#checkLog(path, file);
    const originOf = recordOrigins(database.versions, ({ records }) => records.map(recordKey));
    const epochOf = sourceEpochs(file.records);
    for (const record of file.records) {
      if (isPublicKey(record)) continue;
      const judged = judgeRecord(record, epochOf(record), this.#input.os);
      if (judged.problem !== undefined) this.#reportRecord(path, record, judged.problem);
      const key = recordKey(record);
      if (judged.kind === 'invalid' || this.#known.has(key)) continue;
      this.#known.add(key);
      const layer = originOf(key);
      const digest = this.#input.layers[layer]?.digest;
      if (digest === undefined) continue;
      const { purl } = judged.identity;
      this.packages.push({ ...judged.identity, locations: [{ path, layer: digest }] });
      this.owned.push({ purl, layer, paths: () => pathsOf(record) });
    }
  }

  /** The log beside a database is part of it; what only one of two layers holds was not put together. */
  #checkLog(path: string, { withLog }: RpmDatabase): void {
    const { view } = this.#input;
    const log = view.entry(`${path}-wal`);
    const isBeside = log !== undefined && log.size > 0 && log.layer === layerOf(view, path);
    if (log !== undefined && log.size > 0 && !isBeside) {
      this.#report('package_database_damaged', path, 'changes in a write-ahead log of another layer were not applied');
    } else if (withLog && !isBeside) {
      this.#report('package_database_damaged', path, 'a later layer removed its write-ahead log');
    }
  }

  #reportRecord(path: string, record: RpmRecord, problem: string): void {
    const shown = `${JSON.stringify(record.name.slice(0, 100))} ${JSON.stringify(record.version.slice(0, 100))}`;
    const message = `the package record ${shown} is not valid: ${problem}. It is left out of matching.`;
    this.#push({ code: 'package_invalid_metadata', path, message, partial: true });
  }

  #report(code: string, path: string, problem: string): void {
    const message = `package database ${displayPath(path)}: ${problem}`;
    this.#push({ code, path, message, partial: true });
  }

  /** A forged database could otherwise fill memory with complaints. */
  #push(diagnostic: Diagnostic): void {
    if (this.diagnostics.length < maxDiagnostics) this.diagnostics.push(diagnostic);
  }
}

function layerOf(view: UnionView, path: string): number | undefined {
  return view.entry(path)?.layer;
}

function* pathsOf({ files }: RpmRecord): Generator<string> {
  for (let at = 0; at + 1 < files.length; at += 2) {
    for (const name of (files[at + 1] ?? '').split('/')) yield `${files[at] ?? ''}${name}`;
  }
}
