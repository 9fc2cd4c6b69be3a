import { FactsError } from '../facts/errors.ts';

/** Ids of risks in the order of a report, four bytes each: a set is short, and its order is part of it. */
export function encodeRiskMembers(ids: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(ids.length * 4);
  for (const [index, id] of ids.entries()) bytes.writeInt32LE(id, index * 4);
  return bytes;
}

/** Reads what `encodeRiskMembers` wrote. @throws FactsError `facts_damaged` */
export function decodeRiskMembers(bytes: Uint8Array): Int32Array {
  if (bytes.length % 4 !== 0) {
    throw new FactsError('facts_damaged', 'a set of risks does not hold whole numbers', {
      hint: 'Scan the image again.',
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / 4 }, (_, index) => view.getInt32(index * 4, true));
}
