/** Longest value that is kept; real ones have a few dozen characters. */
const maxValue = 256;
const maxLines = 500;

/**
 * `KEY=value` lines in shell quoting, as os-release(5) and lsb-release use them. Nothing is evaluated: `$` and
 * backquotes are ordinary characters. The last of two assignments counts, as in a shell.
 */
export function parseAssignments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let lines = 0;
  for (const line of text.split('\n')) {
    if (++lines > maxLines) break;
    const trimmed = line.trim();
    const equals = trimmed.indexOf('=');
    if (trimmed.startsWith('#') || equals <= 0) continue;
    const key = trimmed.slice(0, equals);
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) values.set(key, unquote(trimmed.slice(equals + 1)).slice(0, maxValue));
  }
  return values;
}

/** One shell word: bare, single- and double-quoted pieces, backslash escapes. Ends at the first bare blank. */
function unquote(text: string): string {
  let result = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (quote === "'") {
      if (char === "'") quote = '';
      else result += char;
    } else if (char === '\\') {
      const next = text[i + 1] ?? '';
      // Between double quotes a backslash is itself except before what would be special there.
      if (quote === '"' && !'"\\$`'.includes(next)) result += char;
      else {
        result += next;
        i++;
      }
    } else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (quote === '' && (char === ' ' || char === '\t')) break;
    else result += char;
  }
  return result;
}
