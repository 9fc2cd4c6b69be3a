import { type Cursor, cursorOf } from './lexer.ts';

/** A command that a rule allows. */
export interface SudoCommand {
  /** As written, escapes kept: `/usr/bin/apt *`, `ALL`, an alias. */
  readonly command: string;
  /** `!` in front: forbidden. */
  readonly negated: boolean;
  /** NOPASSWD is in force. */
  readonly noPassword: boolean;
}

/** Who may run what. */
export interface SudoRule {
  readonly line: number;
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  readonly commands: readonly SudoCommand[];
}

/** One word of a `Defaults` line. */
export interface SudoDefault {
  readonly line: number;
  readonly name: string;
  readonly negated: boolean;
}

/** What one file says. */
export interface Sudoers {
  readonly rules: readonly SudoRule[];
  readonly defaults: readonly SudoDefault[];
  /** Members by kind and name: `User_Alias ADMINS`. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Files or directories that are read in addition; `directory` of all their files. */
  readonly includes: readonly { readonly path: string; readonly directory: boolean; readonly line: number }[];
  /** Lines that are no part of the grammar. */
  readonly malformed: readonly number[];
}

const aliasKinds = /^(User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias)\s+/;
const includeLine = /^[@#](include|includedir)\s+(.+)$/;
const tag =
  /^(NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|NOLOG_INPUT|LOG_OUTPUT|NOLOG_OUTPUT|MAIL|NOMAIL|FOLLOW|NOFOLLOW|INTERCEPT|NOINTERCEPT)\s*:/;
const option =
  /^(ROLE|TYPE|APPARMOR_PROFILE|PRIVS|LIMITPRIVS|TIMEOUT|NOTBEFORE|NOTAFTER|CWD|CHROOT)\s*=\s*("[^"]*"|[^\s,]+)/;
const digest = /^sha(224|256|384|512)\s*:\s*[\w+/=]+\s*,?/;

/** Reads the part of sudoers(5) that says who may run what, and with which password. */
export function parseSudoers(text: string): Sudoers {
  const rules: SudoRule[] = [];
  const defaults: SudoDefault[] = [];
  const aliases: Record<string, readonly string[]> = Object.create(null);
  const includes: { path: string; directory: boolean; line: number }[] = [];
  const malformed: number[] = [];
  for (const { text: written, line } of sudoersLines(text)) {
    const [, kind, target = ''] = includeLine.exec(written) ?? [];
    if (kind !== undefined) {
      includes.push({ path: target.replaceAll(/^"|"$|\\(?= )/g, ''), directory: kind === 'includedir', line });
    } else if (written.startsWith('Defaults')) defaults.push(...defaultsOf(written, line));
    else if (aliasKinds.test(written)) {
      if (!readAliases(written, aliases)) malformed.push(line);
    } else {
      const rule = ruleOf(written, line);
      if (rule === undefined) malformed.push(line);
      else rules.push(...rule);
    }
  }
  return { rules, defaults, aliases, includes, malformed };
}

/** Logical lines: continued ones joined, comments taken away; `#include` and `#1000` are no comments. */
function* sudoersLines(text: string): Generator<{ text: string; line: number }> {
  let parts: string[] = [];
  let start = 1;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    if (parts.length === 0) start = number;
    if (raw.endsWith('\\') && !raw.trimStart().startsWith('# ')) {
      parts.push(raw.slice(0, -1));
      continue;
    }
    parts.push(raw);
    const line = withoutComment(parts.join('')).trim();
    parts = [];
    if (line !== '') yield { text: line, line: start };
  }
  const rest = withoutComment(parts.join('')).trim();
  if (rest !== '') yield { text: rest, line: start };
}

function withoutComment(line: string): string {
  const trimmed = line.trimStart();
  if (/^#include(dir)?\s/.test(trimmed)) return line;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    // A number behind `#` is a user or group; anything else a comment.
    else if (char === '#' && !quoted && !(/\d/.test(line.charAt(at + 1)) && /^$|[\s,!(%:]/.test(line.charAt(at - 1)))) {
      return line.slice(0, at);
    }
  }
  return line;
}

function defaultsOf(text: string, line: number): SudoDefault[] {
  // `Defaults`, then `@host`, `:user`, `!command` or `>runas` without a blank, then the parameters.
  const [, parameters = ''] = /^Defaults(?:[@:!>]\s*\S+)?\s+(.*)$/.exec(text) ?? [];
  return splitList(parameters).flatMap((parameter) => {
    const [, marks = '', name] = /^(!*)\s*([A-Za-z_]\w*)/.exec(parameter) ?? [];
    return name === undefined ? [] : [{ line, name, negated: marks.length % 2 === 1 }];
  });
}

function readAliases(text: string, aliases: Record<string, readonly string[]>): boolean {
  const [whole, kind = ''] = aliasKinds.exec(text) ?? [''];
  let isWhole = true;
  for (const definition of splitOutside(text.slice(whole.length), ':')) {
    const [, name, members] = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(\S[\s\S]*)$/.exec(definition) ?? [];
    if (name === undefined || members === undefined) isWhole = false;
    else aliases[`${kind === 'Cmd_Alias' ? 'Cmnd_Alias' : kind} ${name}`] = splitList(members);
  }
  return isWhole;
}

function ruleOf(text: string, line: number): SudoRule[] | undefined {
  const cursor = cursorOf(text);
  const users = cursor.list(' ');
  if (users.length === 0) return undefined;
  const rules: SudoRule[] = [];
  do {
    const hosts = cursor.list('=');
    if (hosts.length === 0 || !cursor.take('=')) return undefined;
    const commands = commandList(cursor);
    if (commands === undefined) return undefined;
    rules.push({ line, users, hosts, commands });
  } while (cursor.take(':'));
  return cursor.atEnd() ? rules : undefined;
}

/** Tags hold until another of the list says otherwise. */
function commandList(cursor: Cursor): SudoCommand[] | undefined {
  const commands: SudoCommand[] = [];
  let noPassword = false;
  do {
    if (cursor.take('(') && cursor.until(')') === undefined) return undefined;
    for (let found = cursor.match(option); found !== undefined; ) found = cursor.match(option);
    for (let found = cursor.match(tag); found !== undefined; found = cursor.match(tag)) {
      if (found.startsWith('NOPASSWD')) noPassword = true;
      else if (found.startsWith('PASSWD')) noPassword = false;
    }
    while (cursor.match(digest) !== undefined);
    let negated = false;
    while (cursor.take('!')) negated = !negated;
    const command = cursor.command();
    if (command === '' || !isCommand(command)) return undefined;
    commands.push({ command, negated, noPassword });
  } while (cursor.take(','));
  return commands;
}

/** A path, `ALL`, `sudoedit` with files, `list`, a regular expression, or an alias. */
function isCommand(command: string): boolean {
  return /^(\/|\^|ALL$|sudoedit(\s|$)|list(\s|$)|[A-Z][A-Z0-9_]*$)/.test(command);
}

/** Members of a list between commas, blanks around them taken away. */
function splitList(text: string): string[] {
  return splitOutside(text, ',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

/** Splits at a character that is neither escaped nor in quotes. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
