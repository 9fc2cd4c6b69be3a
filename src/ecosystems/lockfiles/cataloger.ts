import { baseName, type FileContent, type FileEntry, type Interest, type LayerVisitor } from '../../image/index.ts';
import { messageOf } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { PackageProblems } from '../problems.ts';
import { lockfileBytes } from './limits.ts';

/** A package that a lock file names. */
export interface Declared {
  readonly name: string;
  readonly version: string;
  /** What else the world of the file needs to know. */
  readonly more?: Readonly<Record<string, string>>;
}

/** One kind of lock file. */
export interface LockFormat {
  /** Whether a file of this name is one. */
  isNamed(name: string): boolean;
  /** Packages that the file pins to one version; what it leaves open is left out. Throws for what is no such file. */
  read(bytes: Uint8Array): Iterable<Declared>;
}

interface LockFile {
  readonly path: string;
  readonly packages: readonly Declared[];
  readonly problem?: string;
}

interface LockFacts {
  readonly files: readonly LockFile[];
  /** There were more lock files than are read. */
  readonly more?: true;
}

const maxFiles = 2_000;
/** Packages of all lock files of one layer. */
const maxDeclared = 200_000;
const longestText = 600;

/** What makes the packages of lock files: an id and version of the analysis, the formats, an identity or why it is none. */
export interface LockWorld {
  readonly id: string;
  readonly version: number;
  readonly formats: readonly LockFormat[];
  identify(declared: Declared): Omit<InstalledPackage, 'locations'> | string;
}

/**
 * Reads lock files, whose packages are `declared`: what they name is not said to be in the image, and what a later layer
 * deleted stays deleted (scanning.md §3.2). Lock files that came with an installed package are about its own development.
 */
export function lockfileCataloger(world: LockWorld): Cataloger<LockFacts> {
  return {
    id: world.id,
    analysis: { id: world.id, version: world.version, visitor: () => lockfileVisitor(world) },
    coalesce(input: CatalogInput<LockFacts>): CatalogResult {
      const problems = new PackageProblems();
      const packages: InstalledPackage[] = [];
      for (const { digest, facts } of input.layers) if (facts.more) problems.tooMany(digest, 'lock files');
      for (const { file, path, layer, scope } of findEvidence(input, ({ files }) => files)) {
        if (scope !== 'installed') continue;
        if (file.problem !== undefined) problems.invalid(path, file.problem);
        for (const declared of file.packages) {
          const identity = world.identify(declared);
          if (typeof identity === 'string') problems.invalid(path, `names a package that ${identity}`);
          else packages.push({ ...identity, locations: [{ path, layer }], scope: 'declared' });
        }
      }
      return { packages, diagnostics: problems.diagnostics };
    },
  };
}

function lockfileVisitor({ id, version, formats }: LockWorld): LayerVisitor<LockFacts> {
  const files: LockFile[] = [];
  let room = maxDeclared;
  let more = false;
  const formatOf = (path: string): LockFormat | undefined => {
    const name = baseName(path);
    return formats.find((format) => format.isNamed(name));
  };
  return {
    id,
    version,
    wants({ path, type, size }: FileEntry): Interest {
      if (type !== 'file' || formatOf(path) === undefined || isOfPackage(path)) return 'skip';
      if (files.length >= maxFiles) {
        more = true;
        return 'skip';
      }
      return size > lockfileBytes ? 'head' : 'whole';
    },
    file({ path }: FileEntry, content: FileContent) {
      const format = formatOf(path);
      if (content.kind !== 'bytes' || format === undefined) return;
      if (content.truncated) {
        files.push({ path, packages: [], problem: 'is larger than 16 MiB' });
        return;
      }
      const file = readLockfile(path, content.bytes, format, room);
      room -= file.packages.length;
      files.push(file);
    },
    finish: () => ({ files, ...(more && { more }) }),
  };
}

function isOfPackage(path: string): boolean {
  return path.includes('node_modules/') || path.includes('site-packages/') || path.includes('dist-packages/');
}

/** Each package once, in the order of the file. */
function readLockfile(path: string, bytes: Uint8Array, format: LockFormat, room: number): LockFile {
  const found = new Map<string, Declared>();
  try {
    for (const { name, version, more } of format.read(bytes)) {
      if (found.size >= room)
        return { path, packages: [...found.values()], problem: 'names more packages than are read' };
      const declared = {
        name: name.slice(0, longestText),
        version: version.slice(0, longestText),
        ...(more && { more }),
      };
      found.set(JSON.stringify(declared), declared);
    }
    return { path, packages: [...found.values()] };
  } catch (error) {
    return { path, packages: [...found.values()], problem: `could not be read: ${messageOf(error).slice(0, 200)}` };
  }
}
