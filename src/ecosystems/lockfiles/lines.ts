/**
 * Lock files in YAML and TOML are written by programs, one value a line in a fixed layout. They are read by their lines:
 * time and memory are bounded by their size, and anchors, tags or nested values of a forged one mean nothing. (A parser of
 * TOML takes a gigabyte for a name of 4 MiB of dots.)
 */

/** A line without its end; `indent` counts the blanks before its text. */
export interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Lines that hold anything but a comment. */
export function* linesOf(bytes: Uint8Array): Generator<Line> {
  const all = new TextDecoder().decode(bytes);
  for (let start = 0; start < all.length; ) {
    let end = all.indexOf('\n', start);
    if (end < 0) end = all.length;
    let from = start;
    while (from < end && all[from] === ' ') from++;
    const text = all.slice(from, end).trimEnd();
    if (text !== '' && text[0] !== '#') yield { indent: from - start, text };
    start = end + 1;
  }
}

/** A plain or quoted scalar of a line; escapes are not looked into, because names and versions have none. */
export function unquote(text: string): string {
  const first = text[0];
  if ((first !== '"' && first !== "'") || text.length < 2) return text;
  const end = text.indexOf(first, 1);
  return end < 0 ? text : text.slice(1, end);
}

/** `key: value` of block YAML; an empty value where the value follows in lines of its own. */
export function yamlPair(text: string): { readonly key: string; readonly value: string } | undefined {
  const quote = text[0] === '"' || text[0] === "'" ? text.indexOf(text.charAt(0), 1) : 0;
  if (quote < 0) return undefined;
  const colon = text.endsWith(':') && text.indexOf(': ', quote) < 0 ? text.length - 1 : text.indexOf(': ', quote);
  if (colon < 0) return undefined;
  return { key: unquote(text.slice(0, colon)), value: unquote(text.slice(colon + 1).trim()) };
}

/** Lines below the top-level key of a YAML document. */
export function* yamlSection(lines: Iterable<Line>, name: string): Generator<Line> {
  let inside = false;
  for (const line of lines) {
    if (line.indent === 0 && !(inside && line.text.startsWith('-'))) inside = line.text === `${name}:`;
    else if (inside) yield line;
  }
}

/** One `[[name]]` of a TOML document: its values by key as they are written; a text without its quotes. */
export type TomlTable = ReadonlyMap<string, string>;

/** Values of one table that are kept. */
const mostKeys = 100;

/**
 * The tables `[[name]]`; values in lines of their own (arrays, texts of several lines) are left out. A table inside,
 * `[name.source]`, is a key `[name.source]`, and its values are keys `[name.source]key`.
 */
export function* tomlTables(lines: Iterable<Line>, name: string): Generator<TomlTable> {
  let table: Map<string, string> | undefined;
  let inner = '';
  let longText: string | undefined;
  for (const { indent, text } of lines) {
    if (longText !== undefined) {
      if (text.includes(longText)) longText = undefined;
      continue;
    }
    longText = openText(text);
    if (indent > 0) continue;
    if (text[0] === '[') {
      const goesOn = table !== undefined && isBelow(text, name);
      inner = goesOn ? text : '';
      if (goesOn) put(table, text, '');
      else {
        if (table !== undefined) yield table;
        table = text === `[[${name}]]` ? new Map() : undefined;
      }
      continue;
    }
    const equals = text.indexOf('=');
    if (equals > 0) put(table, inner + text.slice(0, equals).trim(), unquote(text.slice(equals + 1).trim()));
  }
  if (table !== undefined) yield table;
}

/** The first value of a key, as in a document without errors. */
function put(table: Map<string, string> | undefined, key: string, value: string): void {
  if (table !== undefined && table.size < mostKeys && !table.has(key)) table.set(key, value.slice(0, 2000));
}

/** Whether a header is of a table inside the current one: `[package.source]` below `[[package]]`. */
function isBelow(text: string, name: string): boolean {
  return text.startsWith(`[${name}.`) || text.startsWith(`[[${name}.`);
}

/** The quotes of a text that goes on in the next line. */
function openText(text: string): string | undefined {
  for (const quotes of ['"""', "'''"]) {
    const open = text.indexOf(quotes);
    if (open >= 0) return text.indexOf(quotes, open + 3) < 0 ? quotes : undefined;
  }
  return undefined;
}
