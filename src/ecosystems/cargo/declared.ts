import { displayPath, type FileContent, type FileEntry, type LayerVisitor } from '../../image/index.ts';
import type { Cataloger, CatalogResult } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { type LockedCrate, parseCargoLock } from './lockfile.ts';
import { cratePackage } from './package.ts';

interface LockFile {
  readonly path: string;
  readonly crates: readonly LockedCrate[];
  readonly malformed: number;
}

interface LockFacts {
  readonly files: readonly LockFile[];
}

/** Bytes of one lock file. */
export const maxLockFile = 16 * 1024 * 1024;
/** Lock files of one layer. */
export const maxLockFiles = 5000;
const maxProblems = 1000;

/** Crates that `Cargo.lock` names. */
export const cargoLockCataloger: Cataloger<LockFacts> = {
  id: 'cargo-lock',
  analysis: { id: 'cargo-lock', version: 1, visitor: lockVisitor },
  coalesce(input): CatalogResult {
    const found = findEvidence(input, ({ files }) => files).filter(({ scope }) => scope === 'installed');
    return {
      packages: found.flatMap(({ file, path, layer }) =>
        file.crates
          .filter(({ foreign }) => !foreign)
          .map((crate) => cratePackage(crate, { locations: [{ path, layer }], scope: 'declared' })),
      ),
      diagnostics: found
        .filter(({ file }) => file.malformed > 0)
        .slice(0, maxProblems)
        .map(({ file, path }) => {
          const message = `${displayPath(path)}: ${file.malformed} entries are outside the grammar and were left out.`;
          return { code: 'package_invalid_metadata', path, message };
        }),
    };
  },
};

function lockVisitor(): LayerVisitor<LockFacts> {
  const files = new Map<string, LockFile>();
  return {
    id: 'cargo-lock',
    version: 1,
    wants({ type, path, size }: FileEntry) {
      if (type !== 'file' || size > maxLockFile || files.size >= maxLockFiles) return 'skip';
      // Crates bring lock files of their own, which are not used.
      const named = path.endsWith('/Cargo.lock') || path === 'Cargo.lock';
      return named && !path.includes('/registry/src/') ? 'whole' : 'skip';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      files.set(path, { path, ...parseCargoLock(Buffer.from(content.bytes).toString('utf8')) });
    },
    finish: () => ({ files: [...files.values()] }),
  };
}
