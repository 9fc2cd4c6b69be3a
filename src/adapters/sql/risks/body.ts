import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { FactsError } from '../../../findings/index.ts';

/** Texts below this are not worth packing. */
const worthPacking = 400;
/** Far more than the evidence of any finding; what unpacks to more is damaged. */
const maxBytes = 64 * 1024 * 1024;

/** A text as it is stored: a byte that says how, then the bytes. */
export function packBody(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length < worthPacking) return Buffer.concat([Buffer.of(0), bytes]);
  return Buffer.concat([Buffer.of(1), zstdCompressSync(bytes)]);
}

/** Reads what `packBody` wrote. @throws FactsError `facts_damaged` */
export function unpackBody(packed: Uint8Array): string {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  try {
    if (bytes[0] === 0) return bytes.toString('utf8', 1);
    if (bytes[0] === 1) return zstdDecompressSync(bytes.subarray(1), { maxOutputLength: maxBytes }).toString();
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged();
}

function damaged(cause?: unknown): FactsError {
  const hint = 'Scan the image again.';
  return new FactsError('facts_damaged', 'a stored finding of a detector cannot be read', { cause, hint });
}
