import { displayPath } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { packageUrl } from '../purl.ts';
import type { ArchiveFacts, ArchiveFile, MavenFacts } from './facts.ts';
import { type CoordinatesBySha1, type Identity, identify } from './identity.ts';
import { type LockFacts, lockFilesVisitor } from './lock-files.ts';
import { mavenFactsVersion, mavenVisitor } from './visitor.ts';

/** Diagnostics of one image; a forged one could fill memory with complaints. */
const maxDiagnostics = 1000;
/** Archives without a name that are told; more of them say nothing new. */
const maxNameless = 50;

/**
 * Libraries in archives of Java classes.
 * @param bySha1 a table of published archives, where there is one; it names archives that name nothing themselves.
 */
export function mavenCataloger(bySha1?: CoordinatesBySha1): Cataloger<MavenFacts> {
  return {
    id: 'maven',
    analysis: { id: 'maven', version: mavenFactsVersion, visitor: mavenVisitor },
    coalesce(input: CatalogInput<MavenFacts>): CatalogResult {
      const packages: InstalledPackage[] = [];
      const diagnostics: Diagnostic[] = [];
      const nameless: string[] = [];
      for (const { file, path, layer, scope } of findEvidence(input, ({ files }) => files)) {
        for (const archive of file.archives) {
          const place = [path, ...archive.inside].join('!/');
          const identities = identify(archive, archive.inside.at(-1) ?? path, bySha1);
          for (const identity of identities) {
            packages.push({
              ...toPackage(identity),
              locations: [{ path: place, layer }],
              ...(scope === 'removed' && { scope }),
            });
          }
          if (identities.length === 0 && scope === 'installed' && isLibrary(archive, place)) nameless.push(place);
        }
        if (scope === 'installed') diagnostics.push(...problemsOf(file, path, layer));
      }
      diagnostics.push(...leftOut(input, 'archives of Java classes'));
      const unlessOwned = nameless.slice(0, maxNameless).map(namelessDiagnostic);
      return { packages, diagnostics: diagnostics.slice(-maxDiagnostics), unlessOwned };
    },
  };
}

/** Whether there are classes to be judged; the modules of a Java installation have its version. */
function isLibrary({ directories }: ArchiveFacts, place: string): boolean {
  return directories.length > 0 && !place.endsWith('.jmod');
}

/** Libraries that files of a build name, whether they are in the image or not. */
export const mavenLockFiles: Cataloger<LockFacts> = {
  id: 'maven-lock-files',
  analysis: { id: 'maven-lock-files', version: 1, visitor: lockFilesVisitor },
  coalesce(input: CatalogInput<LockFacts>): CatalogResult {
    const packages: InstalledPackage[] = [];
    const diagnostics: Diagnostic[] = leftOut(input, 'lock files of Java builds');
    for (const { file, path, layer, scope } of findEvidence(input, ({ files }) => files)) {
      if (scope === 'removed') continue;
      for (const dependency of file.dependencies) {
        const library = toPackage({ ...dependency, confidence: 'high', guessed: false });
        packages.push({ ...library, locations: [{ path, layer }], scope: 'declared' });
      }
      if (file.problem === null || diagnostics.length >= maxDiagnostics) continue;
      const message = `${displayPath(path)} ${file.problem}`;
      diagnostics.push({ code: 'package_invalid_metadata', path, layer, message, partial: true });
    }
    return { packages, diagnostics };
  },
};

function leftOut({ layers }: CatalogInput<{ readonly leftOut: number }>, what: string): Diagnostic[] {
  return layers
    .filter(({ facts }) => facts.leftOut > 0)
    .map(({ digest, facts }) => {
      const message = `${facts.leftOut} ${what} were not read: the layer has too many`;
      return { code: 'archive_limit', layer: digest, message, partial: true };
    });
}

function toPackage({ group, artifact, version, confidence, guessed }: Identity): Omit<InstalledPackage, 'locations'> {
  return {
    purl: packageUrl({ type: 'maven', namespace: group, name: artifact, version }),
    ...{ type: 'maven', name: `${group}:${artifact}`, version, arch: null, source: null, ownedBy: null, held: false },
    ...(confidence !== 'high' && { confidence }),
    ...(guessed && { guessed }),
  };
}

function problemsOf({ problems }: ArchiveFile, path: string, layer: string): Diagnostic[] {
  return problems.map(({ code, inside, problem, partial }) => {
    const place = inside === '' ? path : `${path}!/${inside}`;
    const message = `${displayPath(place)} ${problem}`;
    return { code, path: place, layer, message, ...(partial && { partial }) };
  });
}

/** Told only where no package owns the file: its owner says what the archive is. */
function namelessDiagnostic(place: string): Diagnostic {
  const message = `${displayPath(place)} holds Java classes and does not tell which library it is: it was not judged.`;
  const [path = place] = place.split('!/', 1);
  return { code: 'unidentified_archive', path, message };
}
