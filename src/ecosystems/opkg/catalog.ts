import { displayPath } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage, LayerFacts, OsRelease } from '../contract.ts';
import { type Database, Databases, recordOrigins } from '../databases.ts';
import { dpkgCataloger } from '../dpkg/catalog.ts';
import type { DatabaseFile, DpkgFacts, DpkgRecord } from '../dpkg/facts.ts';
import { listedPaths, listTexts } from '../dpkg/file-lists.ts';
import { hasFiles } from '../dpkg/package.ts';
import { fileOwners, type OwnedFiles } from '../file-owners.ts';
import { packageUrl } from '../purl.ts';

/** Packages of opkg (OpenWrt, Yocto), whose database has the syntax of dpkg's: one analysis reads both. */
export const opkgCataloger: Cataloger<DpkgFacts> = {
  id: 'opkg',
  analysis: dpkgCataloger.analysis,
  coalesce(input: CatalogInput<DpkgFacts>): CatalogResult {
    const databases = new Databases(input.layers, input.view, ({ files }) => files);
    const found = new Map<string, { readonly pkg: InstalledPackage; readonly layer: number; record: DpkgRecord }>();
    const diagnostics: Diagnostic[] = [];
    const seen = new Set<string>();
    for (const path of statusPaths) {
      const database = databases.open(path);
      if (database === undefined) continue;
      if (database === 'unreadable') {
        const message = `package database ${displayPath(path)}: it could not be read`;
        diagnostics.push({ code: 'package_database_unreadable', path, message, partial: true });
      } else if (!seen.has(database.path)) {
        seen.add(database.path);
        read(database, input, found, diagnostics);
      }
    }
    return {
      packages: [...found.values()].map(({ pkg }) => pkg),
      diagnostics,
      ...(found.size > 0 && { owners: fileOwners(input.view, () => owned(found.values(), input)) }),
    };
  },
};

const statusPaths = ['usr/lib/opkg/status', 'var/lib/opkg/status'];
const namePattern = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,254}$/;
const versionPattern = /^[A-Za-z0-9][A-Za-z0-9.+~:_-]{0,254}$/;
const archPattern = /^[a-z0-9][a-z0-9_.+-]{0,63}$/;

interface Found {
  readonly pkg: InstalledPackage;
  readonly layer: number;
  readonly record: DpkgRecord;
}

function read(
  { path, file, versions }: Database<DatabaseFile>,
  { layers, os }: { readonly layers: readonly LayerFacts<DpkgFacts>[]; readonly os: OsRelease | undefined },
  found: Map<string, Found>,
  diagnostics: Diagnostic[],
): void {
  const report = (code: string, problem: string, partial: boolean): void => {
    const message = `package database ${displayPath(path)}: ${problem}`;
    if (diagnostics.length < 1000) diagnostics.push({ code, path, message, ...(partial && { partial }) });
  };
  if (file.truncated) report('package_database_too_large', 'it is over the limits; the rest was not read', true);
  if (file.malformed > 0) report('malformed_database', `${file.malformed} lines are no fields`, false);
  const originOf = recordOrigins(versions, ({ records }) => records.filter(isInstalled).map(recordKey));
  for (const record of file.records) {
    if (!isInstalled(record)) continue;
    const { name, version, arch } = record;
    if (!namePattern.test(name) || !versionPattern.test(version) || (arch !== '' && !archPattern.test(arch))) {
      const shown = JSON.stringify(`${name.slice(0, 100)} ${version.slice(0, 100)}`);
      report('package_invalid_metadata', `the record ${shown} is outside the grammar`, true);
      continue;
    }
    const layer = originOf(recordKey(record));
    const digest = layers[layer]?.digest;
    if (digest === undefined || found.has(recordKey(record))) continue;
    const pkg = { ...identityOf(record, os), locations: [{ path, layer: digest }] };
    found.set(recordKey(record), { pkg, layer, record });
  }
}

function* owned(found: Iterable<Found>, { layers, view }: CatalogInput<DpkgFacts>): Generator<OwnedFiles> {
  const texts = listTexts(layers, view);
  for (const { pkg, layer, record } of found) {
    const path = pkg.locations[0]?.path ?? '';
    yield { purl: pkg.purl, layer, paths: () => listedPaths(texts, path, record) };
  }
}

function identityOf({ name, version, arch }: DpkgRecord, os: OsRelease | undefined) {
  const distro = os && `${os.id}-${os.versionId ?? 'rolling'}`;
  const purl = packageUrl({ type: 'opkg', namespace: os?.id, name, version, qualifiers: { arch, distro } });
  return {
    purl,
    type: 'opkg',
    name,
    version,
    arch: arch === '' ? null : arch,
    source: null,
    ownedBy: null,
    held: false,
  };
}

/** A status file without the field lists installed packages only. */
function isInstalled(record: DpkgRecord): boolean {
  return record.oversized !== true && hasFiles(record);
}

function recordKey({ name, version, arch }: DpkgRecord): string {
  return `${name}\n${version}\n${arch}`;
}
