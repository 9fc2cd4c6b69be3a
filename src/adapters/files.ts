import { createReadStream } from 'node:fs';
import { link, open, readFile, realpath, rm, stat } from 'node:fs/promises';
import { CodedError, messageOf, writeDurably } from '../kernel/index.ts';

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

/** Raised when a file that the user named cannot be read, or holds more than such a file may. */
export class InputFileError extends CodedError<'input_too_large' | 'source_unreadable'> {}

/**
 * Reads a file that the user named, also a pipe such as `/dev/stdin`.
 * @throws InputFileError
 */
export async function readInput(path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw new InputFileError('input_too_large', `${path} is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof InputFileError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const why = reasons.get(code ?? '') ?? messageOf(cause);
    throw new InputFileError('source_unreadable', `${path} cannot be read: ${why}`, { cause });
  }
  return Buffer.concat(chunks, length);
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'this user may not read it'],
]);

/**
 * The bytes of a small secret file of this installation, which is made at the first use and readable by its owner alone.
 * Of two processes that make it at the same time both get what is in the file afterwards.
 * @throws errors of the file system as they are
 */
export async function readOrMakeSecret(path: string, make: () => Uint8Array): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const fresh = `${path}.${process.pid}`;
  await writeDurably(fresh, make(), 0o600);
  try {
    // Unlike a rename this never replaces what another process made meanwhile.
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return readFile(path);
}
