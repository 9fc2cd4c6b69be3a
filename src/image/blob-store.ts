import type { Readable } from 'node:stream';
import { CodedError } from '../kernel/index.ts';
import type { Digest } from './digest.ts';

/**
 * Content-addressed storage on this machine for packages, new layers, plans and reports. Files are named by digest
 * alone, so no name of an image or package ever reaches the host.
 */
export interface BlobStore {
  /** Size in bytes, or undefined when absent. */
  size(digest: Digest): Promise<number | undefined>;
  /** @throws BlobError `blob_not_found`; the stream fails when the stored bytes no longer match. */
  open(digest: Digest, signal?: AbortSignal): Promise<Readable>;
  /**
   * Stores content atomically: after a crash it is there whole or not at all. With `expect`, bytes that differ in
   * digest or size are refused and leave nothing behind.
   */
  put(
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    expect: { digest: Digest; size?: number } | undefined,
    signal?: AbortSignal,
  ): Promise<{ digest: Digest; size: number }>;
  remove(digest: Digest): Promise<void>;
  /**
   * Puts bytes that only the running task needs on the same disk, without hashing or flushing them.
   * @throws BlobError `storage_full`, or what the content fails with; nothing is left behind then.
   */
  spool(content: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Spooled>;
}

/**
 * Bytes of one task without a name: nobody else can open them, and they are gone when they are closed or the process
 * ends, however it ends.
 */
export interface Spooled {
  /** A range of the bytes; may be read again and in any order. */
  read(offset: number, length: number): AsyncIterable<Uint8Array>;
  /** Gives the space back; a second call does nothing. */
  close(): Promise<void>;
}

/** `blob_not_found`, `digest_mismatch` (bytes are not what the name promises), `storage_full`. */
export class BlobError extends CodedError<'blob_not_found' | 'digest_mismatch' | 'storage_full'> {}
