/**
 * A whole stream as one piece of at most `limit` bytes. The stream ends with the first byte too many.
 * @throws what `tooLarge` makes
 */
export async function collect(
  content: AsyncIterable<Uint8Array>,
  limit: number,
  tooLarge: (limit: number) => Error,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of content) {
    size += part.length;
    if (size > limit) throw tooLarge(limit);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
