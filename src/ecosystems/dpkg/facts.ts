import { baseName, type FileContent, type FileEntry, type LayerVisitor, parentOf } from '../../image/index.ts';
import { type ControlProblems, ControlReader, type ControlRecord, controlLimits } from './control.ts';
import { FileLists, type FileListText, isFileList } from './file-lists.ts';

/** What one record of a package database says, as written; judged later. */
export interface DpkgRecord {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** `Source` field, empty when absent. */
  readonly source: string;
  /** `Status` field; undefined when absent, which is normal in `status.d` only. */
  readonly status?: string;
  /** A field was longer than allowed. */
  readonly oversized?: true;
}

/** One version of a package database file, as one layer has it. */
export interface DatabaseFile extends ControlProblems {
  /** As spelled in the layer. */
  readonly path: string;
  readonly records: readonly DpkgRecord[];
}

export interface DpkgFacts {
  readonly files: readonly DatabaseFile[];
  readonly lists: readonly FileListText[];
  /** File lists that were over the limits. */
  readonly listsLeftOut: number;
}

const wantedFields = ['package', 'version', 'architecture', 'source', 'status'];
const maxFiles = 20_000;
/** Longest value that is kept; longer ones are outside every grammar anyway. */
const maxValue = 5000;

/** Whether a path may be a database: links may lead to it from where dpkg looks, so only the last names count. */
export function isDatabasePath(path: string): boolean {
  const name = baseName(path);
  if (name === 'status') return true;
  return !name.endsWith('.md5sums') && baseName(parentOf(path)) === 'status.d';
}

/** Reads every database file of one layer, and keeps the file lists beside them as they are. */
export function dpkgVisitor(): LayerVisitor<DpkgFacts> {
  const files = new Map<string, DatabaseFile>();
  const lists = new FileLists();
  return {
    id: 'dpkg',
    version: 2,
    wants(entry: FileEntry) {
      if (entry.type !== 'file') return 'skip';
      if (lists.wants(entry.path, entry.size)) return 'whole';
      if (!isDatabasePath(entry.path)) return 'skip';
      return files.size < maxFiles ? 'stream' : 'skip';
    },
    async file(entry: FileEntry, content: FileContent) {
      if (isFileList(entry.path)) {
        if (content.kind === 'bytes') lists.add(entry.path, content.bytes);
        return;
      }
      const file = await readDatabaseFile(entry.path, content);
      // Other programs have files called `status`; the one of dpkg is kept even when nothing can be read from it.
      if (file.records.length > 0 || file.truncated || entry.path.startsWith('var/lib/dpkg/')) {
        files.set(entry.path, file);
      } else files.delete(entry.path);
    },
    finish: () => ({ files: [...files.values()], ...lists.finish() }),
  };
}

async function readDatabaseFile(path: string, content: FileContent): Promise<DatabaseFile> {
  const records: DpkgRecord[] = [];
  const reader = new ControlReader(wantedFields, (record) => records.push(toRecord(record)), controlLimits);
  if (content.kind === 'bytes') reader.push(content.bytes);
  else for await (const chunk of content.chunks) reader.push(chunk);
  const problems = reader.finish();
  // Records without a name are not packages: any file in this syntax would look like a database.
  const named = records.filter(({ name, status }) => name !== '' || status !== undefined);
  return { path, records: named, ...problems };
}

function toRecord({ fields, oversized }: ControlRecord): DpkgRecord {
  const value = (name: string): string => (fields.get(name) ?? '').slice(0, maxValue);
  const status = fields.get('status')?.slice(0, maxValue);
  return {
    name: value('package'),
    version: value('version'),
    arch: value('architecture'),
    source: value('source'),
    ...(status !== undefined && { status }),
    ...(oversized && { oversized }),
  };
}
