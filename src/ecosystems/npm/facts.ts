import type { FileContent, FileEntry, Interest, LayerVisitor } from '../../image/index.ts';
import { isJsonObject, JsonError, parseJson } from '../../kernel/index.ts';

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

export interface NpmFacts {
  readonly manifests: readonly NpmManifest[];
  readonly trees: readonly NpmTreeNotes[];
  /** There were more manifests than are kept. */
  readonly more?: true;
}

const manifestBytes = 2 ** 20;
const treeNotesBytes = 16 * 2 ** 20;
const maxDepth = 200;
const maxManifests = 200_000;
const longestText = 600;

const manifestName = '/package.json';
const notesName = 'node_modules/.package-lock.json';
const modules = 'node_modules';

/** Reads the manifests of installed packages and the installer's notes of one layer. */
export function npmVisitor(): LayerVisitor<NpmFacts> {
  const manifests: NpmManifest[] = [];
  const trees: NpmTreeNotes[] = [];
  let more = false;
  return {
    id: 'npm',
    version: 1,
    wants(entry: FileEntry): Interest {
      const { path, type, size } = entry;
      if (type !== 'file' || !path.endsWith('.json')) return 'skip';
      if (path.endsWith(notesName)) return size > treeNotesBytes ? 'head' : 'whole';
      if (!path.endsWith(manifestName) || !isInstalledManifest(path)) return 'skip';
      if (manifests.length >= maxManifests) {
        more = true;
        return 'skip';
      }
      return size > manifestBytes ? 'head' : 'whole';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      if (path.endsWith(notesName)) trees.push(readTreeNotes(path, content));
      else {
        const manifest = readManifest(path, content);
        if (manifest !== undefined) manifests.push(manifest);
      }
    },
    finish: () => ({ manifests, trees, ...(more && { more }) }),
  };
}

/** `…/node_modules/NAME/package.json` or `…/node_modules/@SCOPE/NAME/package.json`, and nothing deeper. */
export function isInstalledManifest(path: string): boolean {
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
  try {
    const value = parseJson(withoutMark(bytes), { maxBytes: manifestBytes, maxDepth });
    if (!isJsonObject(value)) return { path, problem: 'is no JSON object' };
    const { name, version } = value;
    if (typeof name !== 'string' || typeof version !== 'string' || name === '' || version === '') return undefined;
    return { path, name: name.slice(0, longestText), version: version.slice(0, longestText) };
  } catch (error) {
    return { path, problem: problemOf(error) };
  }
}

/** npm writes manifests with a byte-order mark as they come, and reads them. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function readTreeNotes(path: string, { bytes, truncated }: Bytes): NpmTreeNotes {
  if (truncated) return { path, dev: [], problem: 'is larger than 16 MiB' };
  try {
    const value = parseJson(bytes, { maxBytes: treeNotesBytes, maxDepth });
    const packages = isJsonObject(value) && isJsonObject(value.packages) ? value.packages : {};
    const dev: [string, string][] = [];
    for (const [directory, entry] of Object.entries(packages)) {
      if (!isJsonObject(entry) || entry.dev !== true || typeof entry.version !== 'string') continue;
      dev.push([directory, entry.version.slice(0, longestText)]);
    }
    return { path, dev };
  } catch (error) {
    return { path, dev: [], problem: problemOf(error) };
  }
}

function problemOf(error: unknown): string {
  return error instanceof JsonError ? `is ${error.message}` : 'could not be read';
}
