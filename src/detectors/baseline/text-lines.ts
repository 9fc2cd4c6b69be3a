/** Lines of a configuration file that are looked at; more is no configuration. */
const maxLines = 50_000;

/** Lines of a text file. */
export interface TextLines {
  readonly lines: readonly string[];
  /** There were more. */
  readonly truncated: boolean;
}

/** Splits a text file; undefined when the bytes are no text. What is not UTF-8 becomes U+FFFD. */
export function textLines(bytes: Uint8Array): TextLines | undefined {
  if (bytes.includes(0)) return undefined;
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines: lines.slice(0, maxLines), truncated: lines.length > maxLines };
}
