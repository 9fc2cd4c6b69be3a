import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Bytes handed over at once: large enough to be fast, small enough for a slow pipe. */
const chunkLength = 64 * 1024;

/** Writes pieces of text in order, waiting whenever the receiver is full. */
export async function writeText(out: Writable, pieces: Iterable<string>): Promise<void> {
  let buffer = '';
  for (const piece of pieces) {
    buffer += piece;
    if (buffer.length >= chunkLength) {
      await push(out, buffer);
      buffer = '';
    }
  }
  if (buffer.length > 0) await push(out, buffer);
}

async function push(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}
