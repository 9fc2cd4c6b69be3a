import type { NumberedRow } from '../row-encoder.ts';

/** The file that an export writes. Bytes of a position never change once written, so that repeating a write is harmless. */
export interface OutputFile {
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Durable when it resolves. */
  sync(): Promise<void>;
}

/** One part of the content: an entry of an archive, a sheet; flat files have exactly one. */
export interface FilePart {
  readonly name: string;
  readonly rows: number;
  /** Uncompressed. */
  readonly bytes: number;
  /** Hex, of the uncompressed bytes; null for flat files, whose checksum is that of the file. */
  readonly sha256: string | null;
}

/** A file that takes rows. Nothing of it is kept in memory beyond a buffer. */
export interface RowFile {
  /** Takes one row into the buffer. */
  add(row: NumberedRow): void;
  /** Writes the buffer when it is full; call it often. */
  drain(): Promise<void>;
  /** Rows that may be added before the next `drain`; at least 1. */
  readonly room: number;
  /** Whether this is a place to stop, and enough was written since the last one. */
  readonly checkpointDue: boolean;
  /** JSON that a new object continues from; everything before it is written. Only where `checkpointDue` says so. */
  checkpoint(): Promise<unknown>;
  /** Ends the file. */
  finish(): Promise<{ readonly bytes: number; readonly parts: readonly FilePart[] }>;
}
