/** Length of the DER element at an offset with its header (X.690 8.1); undefined where none can be. */
export function derLength(bytes: Buffer, at: number): number | undefined {
  const first = bytes[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + 2 + count > bytes.length) return undefined;
  return 2 + count + bytes.readUIntBE(at + 2, count);
}

/** Where the content of the element at an offset starts; undefined where there is no element. */
export function derContent(bytes: Buffer, at: number): number | undefined {
  const length = derLength(bytes, at);
  if (length === undefined) return undefined;
  const first = bytes[at + 1] as number;
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}
