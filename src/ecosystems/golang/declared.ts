import {
  baseName,
  displayPath,
  type FileContent,
  type FileEntry,
  type LayerVisitor,
  parentOf,
} from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Cataloger, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { parseGoMod, parseGoSum, type RequiredModule } from './go-mod.ts';
import { goPackage } from './package.ts';
import { goVersions } from './versions.ts';

/** One `go.mod` or `go.sum`. */
interface DeclaredFile {
  readonly path: string;
  readonly modules: readonly RequiredModule[];
  readonly complete: boolean;
  readonly malformed: number;
}

interface DeclaredFacts {
  readonly files: readonly DeclaredFile[];
}

/** Bytes of one file. */
export const maxModFile = 4 * 1024 * 1024;
/** Files of one layer: module caches hold one for each module. */
export const maxModFiles = 20_000;
const maxProblems = 1000;

/** Modules that `go.mod` requires; those of `go.sum` where the former is of a time when it did not list all. */
export const goModCataloger: Cataloger<DeclaredFacts> = {
  id: 'go-mod',
  analysis: { id: 'go-mod', version: 1, visitor: goModVisitor },
  coalesce(input): CatalogResult {
    const found = findEvidence(input, ({ files }) => files).filter(({ scope }) => scope === 'installed');
    const complete = new Set(found.filter(({ file }) => file.complete).map(({ path }) => parentOf(path)));
    const packages: InstalledPackage[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const { file, path, layer } of found) {
      if (file.malformed > 0 && diagnostics.length < maxProblems) diagnostics.push(invalid(path, file.malformed));
      if (baseName(path) === 'go.sum' && complete.has(parentOf(path))) continue;
      for (const { path: name, version } of newest(file.modules)) {
        packages.push(goPackage(name, version, { location: { path, layer }, scope: 'declared' }));
      }
    }
    return { packages, diagnostics };
  },
};

/** The build takes the highest version of a module. */
function newest(modules: readonly RequiredModule[]): RequiredModule[] {
  const highest = new Map<string, RequiredModule>();
  for (const module of modules) {
    const known = highest.get(module.path);
    if (known === undefined || goVersions.compare(known.version, module.version) < 0) highest.set(module.path, module);
  }
  return [...highest.values()];
}

function invalid(path: string, count: number): Diagnostic {
  const message = `${displayPath(path)}: ${count} requirements are outside the grammar and were left out.`;
  return { code: 'package_invalid_metadata', path, message };
}

function goModVisitor(): LayerVisitor<DeclaredFacts> {
  const files = new Map<string, DeclaredFile>();
  return {
    id: 'go-mod',
    version: 1,
    wants({ type, path, size }: FileEntry) {
      if (type !== 'file' || size > maxModFile || files.size >= maxModFiles) return 'skip';
      // The sources of modules in a cache are not what is built.
      const named = path.endsWith('/go.mod') || path.endsWith('/go.sum') || path === 'go.mod' || path === 'go.sum';
      return named && !path.includes('/pkg/mod/') && !path.includes('/testdata/') ? 'whole' : 'skip';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      const text = Buffer.from(content.bytes).toString('utf8');
      if (path.endsWith('go.sum')) {
        files.set(path, { path, modules: parseGoSum(text), complete: false, malformed: 0 });
        return;
      }
      const { required, complete, malformed } = parseGoMod(text);
      files.set(path, { path, modules: required, complete, malformed });
    },
    finish: () => ({ files: [...files.values()] }),
  };
}
