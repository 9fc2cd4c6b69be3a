import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Digest } from '../digest.ts';
import { SourceError } from './errors.ts';
import { readRange, streamRange } from './host-file.ts';
import type { TarIndex, TarMember } from './tar-index.ts';
import { verifyStream } from './verify-stream.ts';

/** An archive file with the places of its members. */
export interface ArchiveFile {
  readonly path: string;
  readonly file: FileHandle;
  readonly members: TarIndex;
}

/** Reads a small member whole; undefined when it is absent. @throws SourceError `invalid_archive` above `limit` */
export async function readMember(archive: ArchiveFile, name: string, limit: number): Promise<Buffer | undefined> {
  const member = archive.members.get(name);
  if (member === undefined) return undefined;
  if (member.size > limit) {
    throw new SourceError(
      'invalid_archive',
      `${archive.path}: ${name} has ${member.size} bytes; the limit is ${limit}`,
    );
  }
  return readRange(archive.file, member.offset, member.size);
}

/** A member as a stream that fails unless its bytes have the digest and size. */
export function openMember(
  archive: ArchiveFile,
  member: TarMember,
  expected: { readonly digest: Digest; readonly size: number },
  signal: AbortSignal,
): Readable {
  return verifyStream(streamRange(archive.file, member.offset, member.size, signal), expected);
}
