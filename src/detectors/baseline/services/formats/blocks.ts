import { FormatError, formatLimits } from './setting.ts';

/** A directive of a web server. */
export interface Directive {
  /** In lower case. */
  readonly name: string;
  readonly args: readonly string[];
  /** Directives or sections around it, outermost first: `location /static`. */
  readonly within: readonly string[];
  readonly line: number;
}

/**
 * Directives of an nginx configuration: words up to `;`, or up to `{` and then a block. Quotes and backslashes as nginx
 * reads them.
 * @throws FormatError
 */
export function nginxDirectives(text: string): Directive[] {
  const found: Directive[] = [];
  const within: string[] = [];
  let words: string[] = [];
  let start = 1;
  for (const { word, line, quoted } of nginxTokens(text)) {
    if (words.length === 0) start = line;
    if (quoted || !(word === ';' || word === '{' || word === '}')) {
      words.push(word);
      continue;
    }
    if (word === '}') {
      within.pop();
      words = [];
      continue;
    }
    const [name, ...args] = words;
    if (name !== undefined) found.push({ name: name.toLowerCase(), args, within: [...within], line: start });
    if (word === '{') {
      if (within.length >= formatLimits.depth) throw new FormatError('nested too deep');
      within.push(words.join(' '));
    }
    words = [];
  }
  return found;
}

interface Token {
  readonly word: string;
  readonly line: number;
  readonly quoted: boolean;
}

function* nginxTokens(text: string): Generator<Token> {
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\n') line++;
    if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (char === '"' || char === "'") {
      const end = quoteEnd(text, at);
      const word = text.slice(at + 1, end);
      yield { word, line, quoted: true };
      line += newlines(word);
      at = end + 1;
    } else if (char === ';' || char === '{' || char === '}') {
      yield { word: char, line, quoted: false };
      at++;
    } else if (/\s/.test(char)) at++;
    else {
      const start = at;
      at = wordEnd(text, at);
      yield { word: text.slice(start, at), line, quoted: false };
    }
  }
}

/** `${name}` inside of a word is part of it. */
function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\\') at += 2;
    else if (char === '$' && text.charAt(at + 1) === '{') {
      const end = text.indexOf('}', at);
      if (end < 0) return text.length;
      at = end + 1;
    } else if (/[\s;{}]/.test(char)) return at;
    else at++;
  }
  return Math.min(at, text.length);
}

function quoteEnd(text: string, from: number): number {
  const quote = text.charAt(from);
  let at = from + 1;
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
