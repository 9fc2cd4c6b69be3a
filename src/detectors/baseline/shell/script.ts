import { type Collected, collectCommands } from './commands.ts';
import type { ShellCommand, ShellScript } from './contract.ts';
import { shellLimits } from './limits.ts';
import { commandString, isShell, programOf } from './program.ts';

/**
 * The commands of a shell script (POSIX shell command language, with what bash adds and is common in images). Nothing is
 * expanded and nothing runs. Scripts that commands get as a text (`sh -c`, `eval`, here-documents of shells) are read
 * too. Never throws; takes time in proportion to the text.
 * @param limit commands that are read
 */
export function parseScript(text: string, limit: number = shellLimits.commands): ShellScript {
  const collected: Collected = { commands: [], complete: true, limit };
  collectCommands(text, 0, collected);
  // The list grows while it is read.
  for (let index = 0; index < collected.commands.length; index++) {
    const command = collected.commands[index];
    if (command === undefined) break;
    for (const script of scriptsOf(command)) collectCommands(script, command.depth + 1, collected);
  }
  return collected;
}

/** Scripts that a command is given as a text. */
function scriptsOf(command: ShellCommand): readonly string[] {
  const program = programOf(command);
  if (program === undefined) return [];
  const { name, arguments: words } = program;
  if (name === 'eval') return [words.map(({ text }) => text).join(' ')].filter(isScript);
  if (name === 'su') {
    const at = words.findIndex(({ text }) => text === '-c' || text === '--command');
    return [words[at + 1]?.text ?? ''].filter((text) => at >= 0 && isScript(text));
  }
  if (!isShell(name)) return [];
  const given = commandString(words);
  return given === undefined ? command.heredocs : [given.text].filter(isScript);
}

/** A substitution has been read where it stands. */
function isScript(text: string): boolean {
  return text !== '' && !text.startsWith('$(') && !text.startsWith('`');
}
