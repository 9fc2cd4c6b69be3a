import { BlobError } from '../../image/index.ts';

/** An error of the file system in the terms of a blob store: a full or read-only disk is something to tell the user. */
export function storageError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EROFS') return error;
  return new BlobError('storage_full', `cannot write to the local store (${code})`, {
    cause: error,
    hint: 'free space, or point DRYDOCK_DATA_DIR at a larger disk',
  });
}
