import { BackupError } from './errors.ts';

/** Bytes stand in JSON as an object with this one member. */
const bytesMember = 'b64';

/** One row as a line of JSON. */
export function encodeRow(values: readonly unknown[]): string {
  return `${JSON.stringify(values.map(encodeValue))}\n`;
}

/** The values of one line. @throws BackupError `archive_invalid` */
export function decodeRow(line: string, columns: number): unknown[] {
  let values: unknown;
  try {
    values = JSON.parse(line);
  } catch (cause) {
    throw new BackupError('archive_invalid', 'a row of the archive is not JSON', { cause });
  }
  if (!Array.isArray(values) || values.length !== columns) {
    throw new BackupError('archive_invalid', `a row of the archive has not ${columns} values`);
  }
  return values.map(decodeValue);
}

function encodeValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [bytesMember]: Buffer.from(value).toString('base64') };
  if (typeof value === 'bigint') return Number(value);
  return value ?? null;
}

function decodeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const text = (value as Record<string, unknown>)[bytesMember];
  if (typeof text !== 'string') throw new BackupError('archive_invalid', 'a value of the archive is of no known kind');
  return Buffer.from(text, 'base64');
}

/** Lines of a stream of bytes, each at most `limit` bytes. @throws BackupError `archive_invalid` */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, limit = 256 * 1024 * 1024): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      length = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    if (length > limit) throw new BackupError('archive_invalid', 'a row of the archive is too large');
    if (rest.length > 0) parts.push(rest);
  }
  if (length > 0) throw new BackupError('archive_invalid', 'the archive ends inside a row');
}
