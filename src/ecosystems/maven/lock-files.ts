import type { FileContent, FileEntry, LayerVisitor } from '../../image/index.ts';
import { isJsonObject, messageOf, parseJson } from '../../kernel/index.ts';
import { readPom } from './pom.ts';
import { type Coordinates, checked } from './properties.ts';

/** What one file of a build says that it needs. */
export interface LockFile {
  /** As spelled in the layer. */
  readonly path: string;
  readonly dependencies: readonly Coordinates[];
  /** Why nothing could be read. */
  readonly problem: string | null;
}

/** Files of builds in one layer. */
export interface LockFacts {
  readonly files: readonly LockFile[];
  /** Files that were left out because there were too many. */
  readonly leftOut: number;
}

/** Files that are read in one layer. */
export const maxLockFiles = 20_000;
/** Dependencies of one file that are kept. */
export const maxLockEntries = 100_000;
/** Bytes of one file. */
export const maxLockBytes = 64 * 1024 ** 2;

type Parse = (bytes: Buffer) => readonly Coordinates[];

/** Reads lock files of Gradle and sbt, and POMs that lie in the file system by themselves. */
export function lockFilesVisitor(): LayerVisitor<LockFacts> {
  const files = new Map<string, LockFile>();
  let leftOut = 0;
  return {
    id: 'maven-lock-files',
    version: 1,
    wants({ type, path, size }: FileEntry) {
      if (type !== 'file' || parserOf(path) === undefined) return 'skip';
      if (files.size >= maxLockFiles) {
        leftOut++;
        return 'skip';
      }
      return size <= maxLockBytes ? 'whole' : 'head';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      files.set(
        path,
        content.truncated ? refused(path, `is longer than ${maxLockBytes} bytes`) : read(path, content.bytes),
      );
    },
    finish: () => ({ files: [...files.values()], leftOut }),
  };
}

function read(path: string, content: Uint8Array): LockFile {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  try {
    const dependencies = (parserOf(path) ?? readGradle)(bytes).flatMap((found) => checked(found) ?? []);
    const kept = dependencies.length > maxLockEntries ? `only ${maxLockEntries} of its entries were read` : null;
    return { path, dependencies: dependencies.slice(0, maxLockEntries), problem: kept };
  } catch (error) {
    return refused(path, `could not be read: ${messageOf(error).slice(0, 200)}`);
  }
}

function refused(path: string, problem: string): LockFile {
  return { path, dependencies: [], problem };
}

function parserOf(path: string): Parse | undefined {
  if (path.endsWith('.lockfile')) {
    if (path.endsWith('gradle.lockfile') || path.includes('dependency-locks/')) return readGradle;
  } else if (path.endsWith('.sbt.lock')) return readSbt;
  else if (path.endsWith('pom.xml') && (path === 'pom.xml' || path.endsWith('/pom.xml'))) return readProject;
  return undefined;
}

/** `group:artifact:version=configuration,…`; older files have no configurations. */
function readGradle(bytes: Buffer): Coordinates[] {
  const found: Coordinates[] = [];
  for (const line of bytes.toString('utf8').split('\n')) {
    const [group, artifact, version, more] = (line.split('=', 1)[0] ?? '').trim().split(':', 4);
    if (line.startsWith('#') || group === undefined || artifact === undefined || version === undefined) continue;
    if (more === undefined) found.push({ group, artifact, version });
  }
  return found;
}

/** The JSON file of the plugin sbt-dependency-lock. */
function readSbt(bytes: Buffer): Coordinates[] {
  const document = parseJson(bytes);
  const dependencies =
    isJsonObject(document) && Array.isArray(document.dependencies) ? document.dependencies : undefined;
  if (dependencies === undefined) throw new Error('it has no list of dependencies');
  return dependencies.flatMap((dependency) => {
    if (!isJsonObject(dependency)) return [];
    const { org, name, version } = dependency;
    if (typeof org !== 'string' || typeof name !== 'string' || typeof version !== 'string') return [];
    return [{ group: org, artifact: name, version }];
  });
}

/** Dependencies with a version in the file itself; those of tests are not part of what is built. */
function readProject(bytes: Buffer): Coordinates[] {
  const { dependencies } = readPom(bytes);
  return dependencies
    .filter(({ scope }) => scope !== 'test')
    .map(({ group, artifact, version }) => ({ group, artifact, version }));
}
