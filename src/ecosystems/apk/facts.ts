import type { FileContent, FileEntry, LayerVisitor } from '../../image/index.ts';
import { repositoryBranches } from '../os-release/alpine.ts';
import { type ApkRecord, type InstalledProblems, InstalledReader } from './installed.ts';

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

const maxFiles = 64;
const maxRepositoryBytes = 64 * 1024;

/** Reads every database file of one layer: links may lead to it from where apk looks, so only the last name counts. */
export function apkVisitor(): LayerVisitor<ApkFacts> {
  const files = new Map<string, ApkDatabaseFile>();
  const repositories = new Map<string, RepositoriesFile>();
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
      const file = await readDatabase(path, content);
      // Other programs have files of this name; apk's own is kept even when nothing can be read from it.
      if (file.records.length > 0 || path.endsWith('apk/db/installed')) files.set(path, file);
      else files.delete(path);
    },
    finish: () => ({ files: [...files.values()], repositories: [...repositories.values()] }),
  };
}

async function readDatabase(path: string, content: FileContent): Promise<ApkDatabaseFile> {
  const reader = new InstalledReader();
  if (content.kind === 'bytes') reader.push(content.bytes);
  else for await (const chunk of content.chunks) reader.push(chunk);
  const problems = reader.finish();
  return { path, records: reader.records, ...problems };
}
