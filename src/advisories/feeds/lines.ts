import { AdvisoryError } from '../errors.ts';

const maxLine = 64 * 1024;

/**
 * Splits UTF-8 bytes into lines without their line ends. Memory is bounded by one line.
 * @throws AdvisoryError `feed_invalid` for a line of more than 64 KiB.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield bounded(line);
    bounded(rest);
  }
  rest += decoder.decode();
  if (rest !== '') yield bounded(rest);
}

function bounded(line: string): string {
  if (line.length > maxLine) throw new AdvisoryError('feed_invalid', `line of more than ${maxLine} characters`);
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
