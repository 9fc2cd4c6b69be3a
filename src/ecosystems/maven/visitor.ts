import type { FileContent, FileEntry, LayerVisitor } from '../../image/index.ts';
import type { ArchiveFile, MavenFacts } from './facts.ts';
import { readArchiveFile } from './read-file.ts';
import { isArchiveName } from './suffixes.ts';

/** Raised whenever the facts change. */
export const mavenFactsVersion = 1;
/** Archive files of one layer. */
export const maxFiles = 50_000;
/** Bytes of one archive file; as for every file that is read whole. */
export const maxArchiveBytes = 256 * 1024 ** 2;

/** Reads all archives of Java classes in one layer. */
export function mavenVisitor(): LayerVisitor<MavenFacts> {
  const files = new Map<string, ArchiveFile>();
  let leftOut = 0;
  return {
    id: 'maven',
    version: mavenFactsVersion,
    wants({ type, path }: FileEntry) {
      if (type !== 'file' || !isArchiveName(path)) return 'skip';
      if (files.size < maxFiles) return 'stream';
      leftOut++;
      return 'skip';
    },
    async file({ path, size }: FileEntry, content: FileContent) {
      if (size === 0) return;
      // One buffer of the right size: what asks for the whole file gets a copy of the pieces that it came in.
      const bytes = content.kind === 'bytes' ? content.bytes : await collected(content.chunks, size);
      files.set(path, bytes === undefined ? tooLarge(path, size) : await readArchiveFile(path, bytes));
    },
    finish: () => ({ files: [...files.values()], leftOut }),
  };
}

/** The bytes of a stream; undefined when they are too many. Memory that is not written to is not occupied. */
async function collected(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array | undefined> {
  if (size > maxArchiveBytes) return undefined;
  const buffer = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for await (const chunk of chunks) {
    buffer.set(chunk.subarray(0, size - at), at);
    at += Math.min(chunk.length, size - at);
  }
  return buffer.subarray(0, at);
}

function tooLarge(path: string, size: number): ArchiveFile {
  const problem = `was not read: ${size} bytes are over the limit`;
  return { path, archives: [], problems: [{ code: 'file_too_large', inside: '', problem, partial: true }] };
}
