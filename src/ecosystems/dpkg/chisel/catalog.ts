import { displayPath, type FileContent, type FileEntry, type LayerVisitor } from '../../../image/index.ts';
import type { Diagnostic } from '../../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage, OsRelease } from '../../contract.ts';
import { findEvidence } from '../../evidence.ts';
import { fileOwners, type OwnedFiles } from '../../file-owners.ts';
import { judgeRecord, type PackageIdentity } from '../package.ts';
import { type ChiselManifest, type ChiselPackage, readChiselManifest } from './manifest.ts';

interface ManifestFile extends ChiselManifest {
  /** As spelled in the layer. */
  readonly path: string;
}

interface ChiselFacts {
  readonly files: readonly ManifestFile[];
}

/** Packages of images that Chisel cut (`ubuntu/chiselled-…`): they have no dpkg database. */
export const chiselCataloger: Cataloger<ChiselFacts> = {
  id: 'chisel',
  analysis: { id: 'chisel', version: 1, visitor: chiselVisitor },
  coalesce: coalesceManifests,
};

/** An image has one manifest. */
const maxFiles = 4;

/** A slice may have its manifest written anywhere; the name is fixed. */
function chiselVisitor(): LayerVisitor<ChiselFacts> {
  const files: ManifestFile[] = [];
  let taken = 0;
  return {
    id: 'chisel',
    version: 1,
    wants({ type, path }: FileEntry) {
      if (type !== 'file' || !path.endsWith('/manifest.wall')) return 'skip';
      return taken++ < maxFiles ? 'stream' : 'skip';
    },
    async file({ path }: FileEntry, content: FileContent) {
      const chunks = content.kind === 'stream' ? content.chunks : one(content.bytes);
      files.push({ path, ...(await readChiselManifest(chunks)) });
    },
    finish: () => ({ files }),
  };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function coalesceManifests(input: CatalogInput<ChiselFacts>): CatalogResult {
  const packages = new Map<string, InstalledPackage>();
  const owned: OwnedFiles[] = [];
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, path: string, message: string, partial: boolean): void => {
    if (diagnostics.length < 1000) diagnostics.push({ code, path, message, ...(partial && { partial }) });
  };
  for (const { file, path, layer, scope } of findEvidence(input, ({ files }) => files)) {
    if (scope === 'removed') continue;
    const shown = `package database ${displayPath(path)}`;
    if (file.truncated) {
      report('package_database_too_large', path, `${shown}: damaged or over the limits; the rest was not read`, true);
    }
    if (file.malformed > 0) report('malformed_database', path, `${shown}: ${file.malformed} parts are damaged`, false);
    for (const record of file.packages) {
      const judged = judge(record, input.os);
      if (typeof judged === 'string') {
        const name = JSON.stringify(record.name.slice(0, 100));
        report('package_invalid_metadata', path, `the package record ${name} is not valid: ${judged}.`, true);
        continue;
      }
      const { purl } = judged;
      if (!packages.has(purl)) packages.set(purl, { ...judged, locations: [{ path, layer }] });
      const index = input.layers.find(({ digest }) => digest === layer)?.layer ?? 0;
      owned.push({ purl, layer: index, paths: () => record.files.split('\n') });
    }
  }
  const [first] = packages.values();
  if (first !== undefined) {
    const message =
      'A Chisel manifest does not name source packages: advisories are found only where source and package have one name.';
    report('source_packages_unknown', first.locations[0]?.path ?? '', message, true);
  }
  return {
    packages: [...packages.values()],
    diagnostics,
    ...(owned.length > 0 && { owners: fileOwners(input.view, () => owned) }),
  };
}

/** The package, or what is wrong with it. The manifest has no sources, and a guess would be wrong in silence. */
function judge({ name, version, arch }: ChiselPackage, os: OsRelease | undefined): PackageIdentity | string {
  const judged = judgeRecord({ name, version, arch, source: '' }, false, os);
  if (judged.kind === 'invalid') return judged.problem;
  if (judged.kind === 'not-installed') return 'it is not installed';
  return { ...judged.identity, source: null };
}
