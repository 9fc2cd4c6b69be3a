import type { FileContent, FileEntry, Interest, LayerVisitor } from '../../image/index.ts';
import { topLevelTexts } from '../json-scan.ts';
import type { CondaRecord } from './package.ts';

/** One record of an installed package, or why it is none. */
export interface CondaFile extends Partial<CondaRecord> {
  readonly path: string;
  readonly problem?: string;
}

export interface CondaFacts {
  readonly records: readonly CondaFile[];
  /** There were more records than are kept. */
  readonly more?: true;
}

/** A record lists all files of its package with their hashes: some megabytes for the largest. */
const recordBytes = 16 * 2 ** 20;
const longestText = 2000;
const maxRecords = 50_000;
const directory = 'conda-meta/';

/** Reads what Conda noted about the packages of one layer. */
export function condaVisitor(): LayerVisitor<CondaFacts> {
  const records: CondaFile[] = [];
  let more = false;
  return {
    id: 'conda',
    version: 1,
    wants({ path, type, size }: FileEntry): Interest {
      if (type !== 'file' || !path.endsWith('.json') || !isRecord(path)) return 'skip';
      if (records.length >= maxRecords) {
        more = true;
        return 'skip';
      }
      return size > recordBytes ? 'head' : 'whole';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind === 'bytes') records.push(readRecord(path, content));
    },
    finish: () => ({ records, ...(more && { more }) }),
  };
}

/** `…/conda-meta/NAME.json`. */
function isRecord(path: string): boolean {
  const start = path.lastIndexOf('/') + 1 - directory.length;
  return start >= 0 && path.startsWith(directory, start) && (start === 0 || path[start - 1] === '/');
}

function readRecord(path: string, { bytes, truncated }: Extract<FileContent, { kind: 'bytes' }>): CondaFile {
  if (truncated) return { path, problem: 'is larger than 16 MiB' };
  const texts = topLevelTexts(bytes, ['name', 'version', 'build', 'channel', 'subdir']);
  if (texts === undefined) return { path, problem: 'is no JSON object' };
  const textOf = (key: string): string => (texts.get(key) ?? '').slice(0, longestText);
  const [name, version] = [textOf('name'), textOf('version')];
  return { path, name, version, build: textOf('build'), channel: textOf('channel'), subdir: textOf('subdir') };
}
