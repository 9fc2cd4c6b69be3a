import type { CommandRange, ShellCommand, ShellWord } from './contract.ts';
import { Cursor } from './cursor.ts';
import { shellLimits } from './limits.ts';
import { endsWord, readWord, type Substitutions } from './words.ts';

/** Words that say how commands hang together and are none themselves. */
const reserved = new Set(['!', 'if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', 'time', 'function']);
const assignment = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** What commands in round or curly brackets have in common. */
interface Group {
  /** First command of the pipeline that the group is part of. */
  readonly pipeline: number;
  /** What the commands of the group read. */
  readonly input: CommandRange | null;
}

/** A command while it is read. */
interface Draft {
  start: number;
  end: number;
  readonly first: number;
  readonly assignments: ShellWord[];
  readonly words: ShellWord[];
  readonly heredocs: string[];
}

/** Commands of one script and of everything inside of it. */
export interface Collected {
  readonly commands: ShellCommand[];
  /** So many commands, and no more. */
  readonly limit: number;
  complete: boolean;
}

/** Adds the commands of a text to those that there are. @returns which they are; null beyond the limits */
export function collectCommands(text: string, depth: number, collected: Collected): CommandRange | null {
  if (depth > shellLimits.depth) {
    collected.complete = false;
    return null;
  }
  const cursor = new Cursor(text);
  const from = collected.commands.length;
  new CommandReader(cursor, depth, collected, false).read();
  if (!cursor.complete) collected.complete = false;
  return { from, to: collected.commands.length };
}

/** Reads commands up to the end of the text, or of the brackets that they stand in. */
class CommandReader implements Substitutions {
  readonly #cursor: Cursor;
  readonly #depth: number;
  readonly #collected: Collected;
  /** Whether a closing bracket ends what is read. */
  readonly #bracketed: boolean;
  readonly #groups: Group[] = [];
  /** `case` that wait for their `esac`: their patterns end with a closing bracket. */
  #cases = 0;
  #draft: Draft | undefined;
  /** Where the pipeline of the next command began, if that reads one. */
  #pipeline = 0;
  #piped = false;
  #pending: { readonly end: string; readonly indented: boolean; readonly bodies: string[] }[] = [];

  constructor(cursor: Cursor, depth: number, collected: Collected, bracketed: boolean) {
    this.#cursor = cursor;
    this.#depth = depth;
    this.#collected = collected;
    this.#bracketed = bracketed;
  }

  bracket(cursor: Cursor): CommandRange | null {
    if (this.#depth >= shellLimits.depth) {
      // Too deep to tell where it ends.
      cursor.complete = false;
      cursor.at = cursor.text.length;
      return null;
    }
    const from = this.#collected.commands.length;
    new CommandReader(cursor, this.#depth + 1, this.#collected, true).read();
    return { from, to: this.#collected.commands.length };
  }

  text(script: string): CommandRange | null {
    return collectCommands(script, this.#depth + 1, this.#collected);
  }

  read(): void {
    const cursor = this.#cursor;
    while (!cursor.done) {
      if (this.#collected.commands.length >= this.#collected.limit) {
        cursor.complete = false;
        cursor.at = cursor.text.length;
        return;
      }
      const character = cursor.peek();
      if (character === ' ' || character === '\t' || character === '\r') cursor.at++;
      else if (cursor.sees('\\\n')) cursor.at += 2;
      else if (character === '#') this.#passComment();
      else if (character === ')' && this.#bracketed && this.#groups.length === 0 && this.#cases === 0) {
        this.#end();
        cursor.at++;
        return;
      } else if (!this.#operator(character)) this.#word();
    }
    this.#end();
    if (this.#bracketed) cursor.complete = false;
  }

  #passComment(): void {
    const end = this.#cursor.text.indexOf('\n', this.#cursor.at);
    this.#cursor.at = end < 0 ? this.#cursor.text.length : end;
  }

  /** @returns false when a word starts here. */
  #operator(character: string): boolean {
    const cursor = this.#cursor;
    switch (character) {
      case '\n':
        cursor.at++;
        this.#end();
        this.#readHeredocs();
        return true;
      case ';':
        this.#separate(1);
        return true;
      case '&':
        if (cursor.peek(1) === '>') return this.#redirect(1);
        this.#separate(cursor.peek(1) === '&' ? 2 : 1);
        return true;
      case '|':
        this.#bar();
        return true;
      case '(':
        cursor.at++;
        this.#open();
        return true;
      case ')':
        cursor.at++;
        this.#close();
        return true;
      case '<':
      case '>':
        return cursor.peek(1) === '(' ? false : this.#redirect(0);
      default:
        return false;
    }
  }

  #separate(length: number): void {
    this.#cursor.at += length;
    this.#end();
    this.#piped = false;
  }

  #bar(): void {
    const next = this.#cursor.peek(1);
    if (next === '|') {
      this.#separate(2);
      return;
    }
    this.#cursor.at += next === '&' ? 2 : 1;
    this.#end();
    this.#piped = true;
  }

  #open(): void {
    this.#end();
    const at = this.#collected.commands.length;
    const pipeline = this.#piped ? this.#pipeline : at;
    this.#groups.push({ pipeline, input: this.#piped ? { from: pipeline, to: at } : this.#groupInput() });
    this.#piped = false;
  }

  #close(): void {
    this.#end();
    if (this.#cases > 0 && this.#groups.length === 0) return;
    const group = this.#groups.pop();
    if (group === undefined) return;
    // What follows a group through a pipe reads everything in it.
    this.#pipeline = group.pipeline;
    this.#piped = false;
  }

  #groupInput(): CommandRange | null {
    return this.#groups.at(-1)?.input ?? null;
  }

  /** `>file`, `2>&1`, `<<EOF`: the words of redirections are none of the command's. */
  #redirect(skip: number): boolean {
    const cursor = this.#cursor;
    cursor.at += skip;
    if (cursor.sees('<<<')) cursor.at += 3;
    else if (cursor.sees('<<')) return this.#heredoc();
    else {
      const first = cursor.peek();
      cursor.at++;
      const second = cursor.peek();
      if (second === '&' || second === first || second === '|' || (first === '<' && second === '>')) cursor.at++;
    }
    this.#target();
    return true;
  }

  #target(): string {
    const cursor = this.#cursor;
    while (cursor.peek() === ' ' || cursor.peek() === '\t') cursor.at++;
    if (endsWord(cursor.peek()) && !cursor.sees('<(') && !cursor.sees('>(')) return '';
    return readWord(cursor, this).text;
  }

  #heredoc(): boolean {
    const cursor = this.#cursor;
    cursor.at += 2;
    const indented = cursor.peek() === '-';
    if (indented) cursor.at++;
    const end = this.#target();
    this.#pending.push({ end, indented, bodies: this.#begin().heredocs });
    return true;
  }

  #readHeredocs(): void {
    const cursor = this.#cursor;
    for (const { end, indented, bodies } of this.#pending) {
      const lines: string[] = [];
      for (let ended = false; !ended && !cursor.done; ) {
        const { complete } = cursor;
        const line = cursor.until('\n');
        ended = (indented ? line.replace(/^\t+/, '') : line) === end;
        // The last line of a text needs no end of its own.
        if (ended) cursor.complete = complete;
        else lines.push(line);
      }
      bodies.push(lines.join('\n'));
    }
    this.#pending = [];
  }

  #begin(): Draft {
    const at = this.#collected.commands.length;
    if (this.#draft === undefined) {
      if (!this.#piped) this.#pipeline = at;
      const { at: start } = this.#cursor;
      this.#draft = { start, end: start, first: at, assignments: [], words: [], heredocs: [] };
    }
    return this.#draft;
  }

  #word(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const draft = this.#begin();
    const word = readWord(cursor, this);
    const quoted = cursor.at - start !== word.text.length;
    // The number of a redirection: `2>`.
    if (/^\d{1,5}$/.test(word.text) && (cursor.peek() === '<' || cursor.peek() === '>') && !quoted) return;
    draft.end = cursor.at;
    if (draft.words.length > 0) draft.words.push(word);
    else if (assignment.test(word.text)) draft.assignments.push(word);
    else if (quoted || draft.assignments.length > 0 || !this.#reserved(word.text)) draft.words.push(word);
  }

  /** Words that are none of a command, at its begin. @returns whether it is one */
  #reserved(text: string): boolean {
    if (text === 'case') this.#cases++;
    else if (text === 'esac') this.#cases = Math.max(0, this.#cases - 1);
    else if (text === '{' || text === '}') {
      this.#draft = undefined;
      if (text === '{') this.#open();
      else this.#close();
      return true;
    } else if (reserved.has(text)) {
      this.#draft = undefined;
      return true;
    }
    return false;
  }

  #end(): void {
    const draft = this.#draft;
    this.#draft = undefined;
    if (draft === undefined || draft.words.length + draft.assignments.length === 0) return;
    const { start, end, first, assignments, words, heredocs } = draft;
    const input = this.#piped ? { from: this.#pipeline, to: first } : this.#groupInput();
    const source = this.#cursor.text.slice(start, end);
    this.#collected.commands.push({ source, assignments, words, input, heredocs, depth: this.#depth });
  }
}
