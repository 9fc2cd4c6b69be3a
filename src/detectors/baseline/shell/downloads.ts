import type { CommandRange, ShellCommand, ShellScript, ShellWord } from './contract.ts';
import { commandString, isShell, type Program, programOf } from './program.ts';

/** A longer command at the begin of a pipe is not shown. */
const maxShown = 500;

/** Commands that execute what others fetched, with their source as far as it matters. */
export function executedDownloads({ commands }: ShellScript): readonly string[] {
  // How many commands before each index fetch something: a range is then asked in one step.
  const fetched = [0];
  for (const command of commands) fetched.push((fetched.at(-1) ?? 0) + (fetches(command) ? 1 : 0));
  const fetching = (range: CommandRange | null): boolean =>
    range !== null && (fetched[range.to] ?? 0) > (fetched[range.from] ?? 0);
  const found: string[] = [];
  for (const command of commands) {
    const program = programOf(command);
    if (program === undefined) continue;
    const piped = fetching(command.input) && readsProgramFromInput(program);
    if (piped && command.input !== null) {
      const first = commands[command.input.from]?.source ?? '…';
      // Many commands may read the same long one.
      found.push(`${first.length > maxShown ? '…' : first} | ${command.source}`);
    } else if (executedWords(program).some(({ inner }) => fetching(inner))) found.push(command.source);
  }
  return found;
}

const downloaders = new Set([
  'curl',
  'wget',
  'wget2',
  'fetch',
  'aria2c',
  'http',
  'https',
  'nc',
  'ncat',
  'lynx',
  'tftp',
]);
const decoders: Readonly<Record<string, RegExp>> = {
  base64: /^(?:-[a-zA-Z]*[dD]|--decode)/,
  base32: /^(?:-[a-zA-Z]*[dD]|--decode)/,
  openssl: /^-d$/,
  xxd: /^-[a-z]*r/,
};

/** Whether a program gets something from the network. */
export function isDownloader(name: string): boolean {
  return downloaders.has(name);
}

function fetches(command: ShellCommand): boolean {
  const program = programOf(command);
  if (program === undefined) return false;
  if (isDownloader(program.name)) return true;
  const decodes = Object.hasOwn(decoders, program.name) ? decoders[program.name] : undefined;
  return decodes !== undefined && program.arguments.some(({ text }) => decodes.test(text));
}

/** Python, Perl and their like, with a version in the name or not. */
export function isInterpreter(name: string): boolean {
  return /^(?:python|pypy|perl|ruby|node|nodejs|php)[0-9.]{0,8}$/.test(name);
}

/** Whether it runs what comes through the pipe: without a script, or with `-` or `-s` in its place. */
function readsProgramFromInput({ name, arguments: words }: Program): boolean {
  const texts = words.map(({ text }) => text);
  if (isShell(name)) {
    if (commandString(words) !== undefined) return false;
    const operand = texts.findIndex(
      (text, index) => !/^[-+]./.test(text) && !/^[-+][A-Za-z]*[oO]$/.test(texts[index - 1] ?? ''),
    );
    const script = texts[operand];
    return texts.some((text) => /^-[a-zA-Z]*s$/.test(text)) || script === undefined || isInput(script);
  }
  if (name === 'source' || name === '.') return isInput(texts[0] ?? '');
  if (!isInterpreter(name)) return false;
  // `-c`, `-e`, `-m` and `-r` name the program, what comes through the pipe is data.
  if (texts.some((text) => /^-[a-zA-Z]*[cemrnp]/.test(text) || text === '--eval')) return false;
  const script = texts.find((text) => text === '-' || !text.startsWith('-'));
  return script === undefined || isInput(script);
}

function isInput(script: string): boolean {
  return script === '-' || script === '/dev/stdin' || script === '/proc/self/fd/0';
}

/** Words whose value is executed: the text behind `-c`, all of `eval`, a script that is a substitution. */
function executedWords({ name, arguments: words }: Program): readonly ShellWord[] {
  if (name === 'eval') return words.filter(isSubstitution);
  if (name === 'source' || name === '.') return words.slice(0, 1).filter(isSubstitution);
  if (!isShell(name) && !isInterpreter(name)) return [];
  const given = isShell(name) ? commandString(words) : words[words.findIndex(({ text }) => /^-[ceEr]$/.test(text)) + 1];
  const script = words.find(({ text }) => !text.startsWith('-'));
  return [given, script].filter((word) => word !== undefined).filter(isSubstitution);
}

/** The value comes from commands, at least its begin. */
function isSubstitution({ text }: ShellWord): boolean {
  return /^(?:\$\(|`|<\()/.test(text);
}
