import type { FileContent, FileEntry, LayerVisitor } from '../../image/index.ts';
import { repositoryBranches } from '../os-release/alpine.ts';
import { type ApkRecord, type InstalledProblems, InstalledReader, installedLimits } from './installed.ts';

/** One version of a database file, as one layer has it. */
export interface ApkDatabaseFile extends InstalledProblems {
  /** As spelled in the layer. */
  readonly path: string;
  readonly records: readonly ApkRecord[];
}

/** A list of repositories, reduced to the branches that apk takes packages from. */
export interface RepositoriesFile {
  readonly path: string;
  readonly branches: readonly string[];
}

export interface ApkFacts {
  readonly files: readonly ApkDatabaseFile[];
  readonly repositories: readonly RepositoriesFile[];
}

/** An image has one database, in one of two places. */
const maxFiles = 8;
const maxRepositoryBytes = 64 * 1024;

/** Reads every database file of one layer: links may lead to it from where apk looks, so only the last name counts. */
export function apkVisitor(): LayerVisitor<ApkFacts> {
  const files = new Map<string, ApkDatabaseFile>();
  const repositories = new Map<string, RepositoriesFile>();
  let fileNames = installedLimits.fileNames;
  return {
    id: 'apk',
    version: 1,
    wants({ type, path, size }: FileEntry) {
      if (type !== 'file') return 'skip';
      if (path.endsWith('/installed')) return files.size < maxFiles ? 'stream' : 'skip';
      const isList = path.endsWith('apk/repositories') && size <= maxRepositoryBytes;
      return isList && repositories.size < maxFiles ? 'whole' : 'skip';
    },
    async file({ path }: FileEntry, content: FileContent) {
      if (path.endsWith('/repositories')) {
        if (content.kind === 'bytes') repositories.set(path, { path, branches: repositoryBranches(content.bytes) });
        return;
      }
      const reader = new InstalledReader({ ...installedLimits, fileNames });
      const file = await readDatabase(path, content, reader);
      fileNames -= reader.fileNames;
      // Other programs have files of this name; apk's own is kept even when nothing can be read from it.
      if (file.records.length > 0 || path.endsWith('apk/db/installed')) files.set(path, file);
      else files.delete(path);
    },
    finish: () => ({ files: [...files.values()], repositories: [...repositories.values()] }),
  };
}

async function readDatabase(path: string, content: FileContent, reader: InstalledReader): Promise<ApkDatabaseFile> {
  if (content.kind === 'bytes') reader.push(content.bytes);
  else for await (const chunk of content.chunks) reader.push(chunk);
  const problems = reader.finish();
  return { path, records: reader.records, ...problems };
}
