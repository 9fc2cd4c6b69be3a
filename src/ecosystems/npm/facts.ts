import type { FileContent, FileEntry, Interest, LayerVisitor } from '../../image/index.ts';
import { messageOf } from '../../kernel/index.ts';
import { ArchiveBudget } from '../archives/budget.ts';
import { openZip } from '../archives/zip.ts';
import { eachMember, topLevelTexts } from '../json-scan.ts';

/** A manifest of an installed package, or why it is none. */
export interface NpmManifest {
  readonly path: string;
  readonly name?: string;
  readonly version?: string;
  readonly problem?: string;
}

/** What the installer noted about the tree that it made: packages that are there for development only. */
export interface NpmTreeNotes {
  /** `…/node_modules/.package-lock.json`. */
  readonly path: string;
  /** Directory relative to the project, and version. */
  readonly dev: readonly (readonly [directory: string, version: string])[];
  readonly problem?: string;
}

/** A package that Yarn runs from its archive. */
export interface NpmArchive {
  /** `….yarn/cache/NAME.zip`. */
  readonly path: string;
  /** The package, and what it bundles. */
  readonly packages: readonly (readonly [name: string, version: string])[];
  readonly problem?: string;
}

export interface NpmFacts {
  readonly manifests: readonly NpmManifest[];
  readonly archives: readonly NpmArchive[];
  readonly trees: readonly NpmTreeNotes[];
  /** There were more manifests than are kept. */
  readonly more?: true;
}

const manifestBytes = 2 ** 20;
const treeNotesBytes = 16 * 2 ** 20;
const archiveBytes = 64 * 2 ** 20;
/** Manifests and archives of one layer. */
const maxManifests = 200_000;
const longestText = 600;

const manifestName = '/package.json';
const notesName = 'node_modules/.package-lock.json';
const modules = 'node_modules';

/** Reads the manifests of installed packages and the installer's notes of one layer. */
export function npmVisitor(): LayerVisitor<NpmFacts> {
  const manifests: NpmManifest[] = [];
  const archives: NpmArchive[] = [];
  const trees: NpmTreeNotes[] = [];
  let more = false;
  return {
    id: 'npm',
    version: 1,
    wants({ path, type, size }: FileEntry): Interest {
      if (type !== 'file') return 'skip';
      const isArchive = isYarnArchive(path);
      if (!isArchive && !path.endsWith('.json')) return 'skip';
      if (path.endsWith(notesName)) return size > treeNotesBytes ? 'head' : 'whole';
      if (!isArchive && !isInstalledManifest(path)) return 'skip';
      if (manifests.length + archives.length >= maxManifests) {
        more = true;
        return 'skip';
      }
      return size > (isArchive ? archiveBytes : manifestBytes) ? 'head' : 'whole';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      if (isYarnArchive(path)) archives.push(readArchive(path, content));
      else if (path.endsWith(notesName)) trees.push(readTreeNotes(path, content));
      else {
        const manifest = readManifest(path, content);
        if (manifest !== undefined) manifests.push(manifest);
      }
    },
    finish: () => ({ manifests, archives, trees, ...(more && { more }) }),
  };
}

/** Yarn's own cache of a project, or of a user, from which its loader reads modules. */
function isYarnArchive(path: string): boolean {
  if (!path.endsWith('.zip')) return false;
  const end = path.lastIndexOf('/');
  return path.endsWith('.yarn/cache', end) || path.endsWith('.yarn/berry/cache', end);
}

/** `…/node_modules/NAME/package.json` or `…/node_modules/@SCOPE/NAME/package.json`, and nothing deeper. */
export function isInstalledManifest(path: string): boolean {
  if (!path.endsWith(manifestName)) return false;
  const end = path.length - manifestName.length;
  let start = path.lastIndexOf('/', end - 1);
  if (start < 0 || path[start + 1] === '.') return false;
  if (endsAt(path, start, modules)) return true;
  start = path.lastIndexOf('/', start - 1);
  return start >= 0 && path[start + 1] === '@' && endsAt(path, start, modules);
}

/** Whether the path component before `end` has this name. */
function endsAt(path: string, end: number, name: string): boolean {
  const start = end - name.length;
  return start >= 0 && path.startsWith(name, start) && (start === 0 || path[start - 1] === '/');
}

type Bytes = Extract<FileContent, { kind: 'bytes' }>;

/** A manifest without name or version belongs to no package of a registry: it is nothing, and no problem. */
function readManifest(path: string, { bytes, truncated }: Bytes): NpmManifest | undefined {
  if (truncated) return { path, problem: 'is larger than 1 MiB' };
  const texts = topLevelTexts(bytes, ['name', 'version']);
  if (texts === undefined) return { path, problem: 'is no JSON object' };
  const name = texts.get('name');
  const version = texts.get('version');
  if (!name || !version) return undefined;
  return { path, name: name.slice(0, longestText), version: version.slice(0, longestText) };
}

/** Inside an archive packages lie as in `node_modules`. */
function readArchive(path: string, { bytes, truncated }: Bytes): NpmArchive {
  if (truncated) return { path, packages: [], problem: 'is larger than 64 MiB' };
  const packages: [string, string][] = [];
  try {
    const zip = openZip(bytes, new ArchiveBudget(bytes.length));
    for (const member of zip.members(isInstalledManifest)) {
      const manifest = readManifest(path, { kind: 'bytes', bytes: zip.read(member, manifestBytes), truncated: false });
      const { name, version, problem } = manifest ?? {};
      if (problem !== undefined) return { path, packages, problem };
      if (name !== undefined && version !== undefined) packages.push([name, version]);
    }
    return packages.length > 0 ? { path, packages } : { path, packages, problem: 'holds no package' };
  } catch (error) {
    return { path, packages, problem: `could not be read: it ${messageOf(error)}` };
  }
}

function readTreeNotes(path: string, { bytes, truncated }: Bytes): NpmTreeNotes {
  if (truncated) return { path, dev: [], problem: 'is larger than 16 MiB' };
  const dev: [string, string][] = [];
  const isWhole = eachMember(bytes, 'packages', { keys: ['version'], flags: ['dev'] }, (directory, texts) => {
    const version = texts.get('version');
    if (texts.has('dev') && version !== undefined) dev.push([directory, version.slice(0, longestText)]);
  });
  return isWhole === undefined ? { path, dev: [], problem: 'is no JSON object' } : { path, dev };
}
