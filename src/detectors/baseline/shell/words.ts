import type { CommandRange, ShellWord } from './contract.ts';
import type { Cursor } from './cursor.ts';

/** Reads commands of a substitution. */
export interface Substitutions {
  /** The cursor stands behind the opening bracket; afterwards behind the closing one. */
  bracket(cursor: Cursor): CommandRange | null;
  /** A whole text of its own, as between backticks. */
  text(script: string): CommandRange | null;
}

/** Ends a word that is not quoted. */
const metacharacters = new Set([' ', '\t', '\r', '\n', ';', '&', '|', '<', '>', '(', ')']);

/** Whether a word ends before this character; true behind the end of the text. */
export function endsWord(character: string): boolean {
  return character === '' || metacharacters.has(character);
}

/** A word while it is read. */
interface Draft {
  text: string;
  inner: CommandRange | null;
}

/** Reads one word, which starts here (POSIX shell command language §2.2, with the quotes `$'…'` of bash). */
export function readWord(cursor: Cursor, substitutions: Substitutions): ShellWord {
  const word: Draft = { text: '', inner: null };
  while (!cursor.done) {
    const character = cursor.peek();
    if ((character === '<' || character === '>') && word.text === '' && cursor.peek(1) === '(') {
      readSubstitution(cursor, word, substitutions);
    } else if (endsWord(character)) break;
    else if (character === '\\') readEscape(cursor, word);
    else if (character === "'") {
      cursor.at++;
      word.text += cursor.until("'");
    } else if (character === '"') readDoubleQuotes(cursor, word, substitutions);
    else if (character === '$') readDollar(cursor, word, substitutions, true);
    else if (character === '`') readBackticks(cursor, word, substitutions);
    else {
      word.text += character;
      cursor.at++;
    }
  }
  return word;
}

function readEscape(cursor: Cursor, word: Draft): void {
  const next = cursor.peek(1);
  if (next !== '\n') word.text += next;
  cursor.at += 2;
}

function readDoubleQuotes(cursor: Cursor, word: Draft, substitutions: Substitutions): void {
  cursor.at++;
  while (!cursor.done) {
    const character = cursor.peek();
    if (character === '"') {
      cursor.at++;
      return;
    }
    if (character === '\\') {
      const next = cursor.peek(1);
      // Anywhere else the backslash stays.
      if (next === '\n' || next === '$' || next === '`' || next === '"' || next === '\\') readEscape(cursor, word);
      else {
        word.text += character;
        cursor.at++;
      }
    } else if (character === '$') readDollar(cursor, word, substitutions, false);
    else if (character === '`') readBackticks(cursor, word, substitutions);
    else {
      word.text += character;
      cursor.at++;
    }
  }
  cursor.complete = false;
}

function readDollar(cursor: Cursor, word: Draft, substitutions: Substitutions, quotesAllowed: boolean): void {
  const next = cursor.peek(1);
  if (next === '(') {
    if (cursor.peek(2) === '(') readArithmetic(cursor, word);
    else readSubstitution(cursor, word, substitutions);
  } else if (next === '{') readParameter(cursor, word);
  else if (quotesAllowed && next === "'") readAnsiQuotes(cursor, word);
  else if (quotesAllowed && next === '"') cursor.at++;
  else {
    word.text += '$';
    cursor.at++;
  }
}

/** `$(…)`, `<(…)` or `>(…)`. */
function readSubstitution(cursor: Cursor, word: Draft, substitutions: Substitutions): void {
  const start = cursor.at;
  cursor.at += 2;
  widen(word, substitutions.bracket(cursor));
  word.text += cursor.text.slice(start, cursor.at);
}

function widen(word: Draft, range: CommandRange | null): void {
  // Commands are numbered as they are read: those of one word follow each other.
  if (range !== null && range.to > range.from) word.inner = { from: word.inner?.from ?? range.from, to: range.to };
}

function readBackticks(cursor: Cursor, word: Draft, substitutions: Substitutions): void {
  const start = cursor.at;
  cursor.at++;
  let script = '';
  while (!cursor.done && cursor.peek() !== '`') {
    if (cursor.peek() === '\\' && ['`', '\\', '$'].includes(cursor.peek(1))) cursor.at++;
    script += cursor.peek();
    cursor.at++;
  }
  if (cursor.done) cursor.complete = false;
  else cursor.at++;
  widen(word, substitutions.text(script));
  word.text += cursor.text.slice(start, cursor.at);
}

/** `$((…))` holds numbers, no commands. */
function readArithmetic(cursor: Cursor, word: Draft): void {
  const start = cursor.at;
  cursor.at++;
  let open = 0;
  do {
    const character = cursor.peek();
    if (character === '(') open++;
    else if (character === ')') open--;
    cursor.at++;
  } while (open > 0 && !cursor.done);
  if (open > 0) cursor.complete = false;
  word.text += cursor.text.slice(start, cursor.at);
}

/** `${…}`; a backslash in it hides a bracket. */
function readParameter(cursor: Cursor, word: Draft): void {
  const start = cursor.at;
  cursor.at++;
  let open = 0;
  do {
    const character = cursor.peek();
    cursor.at++;
    if (character === '\\') cursor.at++;
    else if (character === '{') open++;
    else if (character === '}') open--;
  } while (open > 0 && !cursor.done);
  if (open > 0) cursor.complete = false;
  word.text += cursor.text.slice(start, cursor.at);
}

/** `$'…'` of bash: letters after a backslash keep their place, what they mean is of no interest here. */
function readAnsiQuotes(cursor: Cursor, word: Draft): void {
  cursor.at += 2;
  while (!cursor.done && cursor.peek() !== "'") {
    if (cursor.peek() === '\\') cursor.at++;
    word.text += cursor.peek();
    cursor.at++;
  }
  if (cursor.done) cursor.complete = false;
  else cursor.at++;
}
