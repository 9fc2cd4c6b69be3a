/** `Name` and `Version` of metadata; undefined for a header that is not there. */
export interface NameHeaders {
  readonly name?: string;
  readonly version?: string;
}

const longestValue = 600;

/**
 * Reads the first `Name` and `Version` of metadata in the form of e-mail headers (PEP 241 and later), up to the first
 * blank line. Header names in any case; folded lines belong to the header above.
 */
export function readNameHeaders(text: string): NameHeaders {
  let name: string | undefined;
  let version: string | undefined;
  for (let start = 0; start < text.length && (name === undefined || version === undefined); ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text[end - 1] === '\r' ? end - 1 : end;
    if (line <= start) break;
    if (isHeader(text, start, 'name')) name ??= headerValue(text, start + 5, line);
    else if (isHeader(text, start, 'version')) version ??= headerValue(text, start + 8, line);
    start = end + 1;
  }
  return { ...(name !== undefined && { name }), ...(version !== undefined && { version }) };
}

/** The colon is looked for in its one place: lines without any must not cost a look at all that follows. */
function isHeader(text: string, start: number, name: string): boolean {
  const end = start + name.length;
  return text[end] === ':' && text.slice(start, end).toLowerCase() === name;
}

function headerValue(text: string, start: number, end: number): string {
  return text.slice(start, Math.max(start, Math.min(end, start + longestValue))).trim();
}
