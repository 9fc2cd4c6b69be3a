import type { ExportImage, ExportPlace, ExportSubject } from '../contract.ts';

/** Name of a fact inside its source; equal keys are equal facts. Null = the row has none. */
export type FactKey = number | string | null;

/** A row as it is pinned: which facts it joins. */
export interface RowKeys {
  readonly image: FactKey;
  readonly subject: FactKey;
  readonly place: FactKey;
  /** ms; null where it has no meaning. */
  readonly firstSeen: number | null;
}

/** Rows to pin, in their final order, with the facts behind their keys. */
export interface RowFeed {
  /** All rows of an image follow each other, so that they can be put in the order of images later. */
  readonly imagesTogether: boolean;
  batches(signal: AbortSignal): AsyncIterable<readonly RowKeys[]>;
  image(key: NonNullable<FactKey>): ExportImage;
  subject(key: NonNullable<FactKey>): ExportSubject;
  place(key: NonNullable<FactKey>): ExportPlace;
}

/** Where bytes of a snapshot go, in order. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A finished snapshot. Reads block: it is only read by processes that have nothing else to do. */
export interface ByteSource {
  readonly size: number;
  /** Fills a buffer from a position on; fewer bytes only at the end. @returns how many */
  read(into: Buffer, position: number): number;
}

/** Where reading stopped: the frame that begins at `offset` bytes, and rows of it that were done. */
export interface SnapshotPosition {
  readonly offset: number;
  readonly skip: number;
}
