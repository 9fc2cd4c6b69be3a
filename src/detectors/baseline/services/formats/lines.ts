import { type Setting, unquote } from './setting.ts';

/** One line of meaning: continued lines joined, comments and blank lines left out. */
export interface LogicalLine {
  readonly text: string;
  /** Where it starts, from one on. */
  readonly line: number;
}

/**
 * Lines without comments.
 * @param comments characters that start a comment at the beginning of a line
 * @param continued whether a backslash at the end joins the next line
 */
export function* logicalLines(text: string, comments: string, continued = false): Generator<LogicalLine> {
  let parts: string[] = [];
  let start = 0;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.trim();
    if (parts.length === 0) {
      if (line === '' || comments.includes(line.charAt(0))) continue;
      start = number;
    }
    if (continued && line.endsWith('\\')) {
      parts.push(line.slice(0, -1));
      continue;
    }
    parts.push(line);
    yield { text: parts.join(''), line: start };
    parts = [];
  }
  if (parts.length > 0) yield { text: parts.join(''), line: start };
}

/** `name value …` a line, as redis, snmpd and sshd write it; names in lower case. */
export function* directives(text: string): Generator<Setting> {
  for (const { text: line, line: number } of logicalLines(text, '#')) {
    const end = line.search(/\s/);
    const key = (end < 0 ? line : line.slice(0, end)).toLowerCase();
    yield { key, value: end < 0 ? '' : unquote(line.slice(end).trim()), line: number };
  }
}

/** `NAME=value` a line, as shells and systemd read environment files; `export` may stand in front. */
export function* assignments(text: string): Generator<Setting> {
  for (const { text: line, line: number } of logicalLines(text, '#', true)) {
    const equals = line.indexOf('=');
    if (equals < 1) continue;
    const key = line.slice(0, equals).trim();
    yield {
      key: key.startsWith('export ') ? key.slice(7).trim() : key,
      value: unquote(line.slice(equals + 1).trim()),
      line: number,
    };
  }
}

/** Java properties: `=`, `:` or a blank between key and value, `\` joins lines. */
export function* properties(text: string): Generator<Setting> {
  for (const { text: line, line: number } of logicalLines(text, '#!', true)) {
    const end = line.search(/[=:\s]/);
    if (end < 0) {
      yield { key: line, value: '', line: number };
      continue;
    }
    const rest = line.slice(end).trimStart();
    const value = rest.startsWith('=') || rest.startsWith(':') ? rest.slice(1).trim() : rest.trim();
    yield { key: line.slice(0, end), value, line: number };
  }
}

/**
 * `[section]` and `key = value`, or a key alone; keys become `section/key` in lower case. Comments start with `#` or `;`,
 * after a value only behind a blank.
 */
export function* ini(text: string): Generator<Setting> {
  let section = '';
  for (const { text: line, line: number } of logicalLines(text, '#;')) {
    if (line.startsWith('[')) {
      const end = line.indexOf(']');
      section = `${line.slice(1, end < 0 ? undefined : end).trim()}/`;
      continue;
    }
    const equals = line.indexOf('=');
    const key = (equals < 0 ? line : line.slice(0, equals)).trim();
    const value = equals < 0 ? '' : line.slice(equals + 1).trim();
    yield { key: (section + key).toLowerCase(), value: withoutComment(value), line: number };
  }
}

/** A value of an ini file without what follows it. */
function withoutComment(value: string): string {
  const quote = value.charAt(0);
  // Grafana's spelling of a value with `;` or `#` in it.
  if (value.startsWith('"""')) return value.slice(3, Math.max(3, value.indexOf('"""', 3)));
  if (quote === '"' || quote === "'") {
    const end = value.indexOf(quote, 1);
    if (end > 0) return value.slice(1, end);
  }
  if (quote === ';') return '';
  const comment = value.search(/\s[;#]/);
  return comment < 0 ? value : value.slice(0, comment).trimEnd();
}
