const decoder = new TextDecoder('utf-8', { ignoreBOM: false });

/** The lines of a text file; bytes that are not UTF-8 become U+FFFD, so they are in no valid name. */
export function* linesOf(bytes: Uint8Array): Generator<string> {
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    const line = decoder.decode(bytes.subarray(start, end));
    yield line.endsWith('\r') ? line.slice(0, -1) : line;
    start = end + 1;
  }
}

/** Text of the image for a message: cut, and quoted so that nothing in it is taken for more. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
