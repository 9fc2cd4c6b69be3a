import { RepositoryError } from './errors.ts';

/**
 * Reads a whole stream of at most `limit` bytes.
 * @throws RepositoryError `limit_exceeded`; `what` names the file.
 */
export async function readBounded(content: AsyncIterable<Uint8Array>, limit: number, what: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > limit) throw new RepositoryError('limit_exceeded', `${what} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
