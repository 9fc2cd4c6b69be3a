import type { FileContent, FileEntry, LayerVisitor } from '../../image/index.ts';
import type { FactReader } from './contract.ts';

/** Facts of one file of one layer; undefined facts where the file was over the limits. */
export interface FileFacts {
  readonly path: string;
  readonly facts?: unknown;
}

/** Facts of one layer by reader. */
export type BaselineFacts = Readonly<Record<string, readonly FileFacts[]>>;

/** Largest configuration file (risks.md §2.1). */
const maxBytes = 4 * 1024 * 1024;
/** Files per reader and layer; the rest of a layer that repeats them is not read. */
const maxFiles = 20_000;
/** Bytes that one reader reads of a layer: facts are made of them and kept. Files beyond are known by name only. */
const readerBytes = 64 * 1024 * 1024;

/** Lets every reader read the files of one layer that it wants; the last of a name wins. */
export function baselineVisitor(
  id: string,
  version: number,
  readers: readonly FactReader<unknown>[],
): LayerVisitor<BaselineFacts> {
  const found = new Map<string, Map<string, FileFacts>>(readers.map((reader) => [reader.id, new Map()]));
  const interested = (entry: FileEntry): FactReader<unknown>[] =>
    readers.filter(
      (reader) => reader.wants(entry) && (found.get(reader.id)?.size ?? 0) < (reader.maxFiles ?? maxFiles),
    );
  const room = new Map<string, number>(readers.map((reader) => [reader.id, readerBytes]));
  /** Takes the bytes of a file from what its reader may still read. */
  const fits = (reader: FactReader<unknown>, bytes: number): boolean => {
    const left = (room.get(reader.id) ?? 0) - bytes;
    if (left >= 0) room.set(reader.id, left);
    return left >= 0;
  };
  return {
    id,
    version,
    wants(entry) {
      if (entry.type !== 'file') return 'skip';
      let interest: 'skip' | 'head' | 'whole' = 'skip';
      for (const reader of readers) {
        if (!reader.wants(entry)) continue;
        if (reader.take !== 'head' && entry.size <= maxBytes) return 'whole';
        interest = 'head';
      }
      return interest;
    },
    file(entry: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      for (const reader of interested(entry)) {
        const files = found.get(reader.id);
        if (reader.take === 'head') {
          const facts = reader.read(content.bytes.subarray(0, 8192), entry);
          if (facts !== undefined) files?.set(entry.path, { path: entry.path, facts });
        } else if (content.truncated || entry.size > maxBytes || !fits(reader, entry.size))
          files?.set(entry.path, { path: entry.path });
        else {
          const facts = reader.read(content.bytes, entry);
          if (facts !== undefined) files?.set(entry.path, { path: entry.path, facts });
        }
      }
    },
    finish: () => Object.fromEntries([...found].map(([reader, files]) => [reader, [...files.values()]])),
  };
}
