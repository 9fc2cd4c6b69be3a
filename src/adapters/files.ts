import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { CodedError, writeDurably } from '../kernel/index.ts';

/**
 * Writes a document to where a user wants it. A file is replaced whole or not at all and folders are made; a link is
 * followed; a device or a pipe, such as `/dev/null`, is written to and never replaced.
 */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return writeDurably(path, bytes);
  if (found.isFile()) return writeDurably(await realpath(path), bytes);
  await using file = await open(path, 'w');
  await file.writeFile(bytes);
}

/** Raised when a file that the user named holds more than such a file may. */
export class InputFileError extends CodedError<'input_too_large'> {}

/**
 * Reads a file that the user named, also a pipe such as `/dev/stdin`.
 * @throws InputFileError when it is larger than the limit; what the file system fails with, for example `ENOENT`
 */
export async function readInput(path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new InputFileError('input_too_large', `${path} is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
