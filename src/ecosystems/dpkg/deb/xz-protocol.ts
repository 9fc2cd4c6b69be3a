/** From the reader of a stream to its worker. All bytes change owner; nothing is shared. */
export type XzRequest =
  | { readonly kind: 'start' }
  | { readonly kind: 'packed'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  /** One unpacked piece was taken: another one may be sent. */
  | { readonly kind: 'taken' };

/** From a worker to the reader of its stream. After `done` and `failed` the worker waits for the next `start`. */
export type XzReply =
  /** Everything sent so far is used up. */
  | { readonly kind: 'hungry' }
  | { readonly kind: 'unpacked'; readonly bytes: Uint8Array }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };

/** Bytes of one unpacked piece; below that a message costs more than what it carries. */
export const xzPieceBytes = 256 * 1024;
/** Pieces on their way at most: the worker goes on while the reader hashes. */
export const xzPiecesAhead = 8;
