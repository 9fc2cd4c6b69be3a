import { baseName } from '../../../../image/index.ts';
import {
  executedDownloads,
  isDownloader,
  isInterpreter,
  isShell,
  type Program,
  parseScript,
  programOf,
  shellLimits,
} from '../../shell/index.ts';

/** What one command of a job does, without its arguments: they may hold secrets. */
export interface JobCommand {
  /** Absolute paths of what is started: the program, and the script that an interpreter is given. */
  readonly programs: readonly string[];
  /** It is started only when it is there. */
  readonly guarded: boolean;
  /** Something is downloaded and executed. */
  readonly fetches: boolean;
  /** There are more commands than are read. */
  readonly tooMany?: true;
}

/** Commands that ask whether something is there. */
const guards = new Set(['test', '[', '[[', 'which']);

/** Looks at one command line, or at a whole script. */
export function readCommand(text: string): JobCommand {
  const script = parseScript(text);
  const started = new Set<string>();
  let guarded = /(^|[\s;&|])if\s/.test(text);
  for (const command of script.commands) {
    const program = command.depth === 0 ? programOf(command) : undefined;
    if (program === undefined) continue;
    const words = program.arguments.map((word) => word.text);
    if (guards.has(program.name) || words.includes('-v')) {
      guarded = true;
      continue;
    }
    if (program.path.startsWith('/')) started.add(program.path);
    const given = runsScripts(program) ? words.find((word) => !word.startsWith('-')) : undefined;
    if (given?.startsWith('/') && !/\s/.test(given)) started.add(given);
  }
  const programs = script.commands.flatMap((command) => programOf(command) ?? []);
  return {
    programs: [...started].slice(0, 20),
    guarded,
    fetches: executedDownloads(script).length > 0 || runsDownloaded(programs),
    ...(script.commands.length >= shellLimits.commands && { tooMany: true as const }),
  };
}

function runsScripts({ name }: Program): boolean {
  return isShell(name) || isInterpreter(name);
}

/** Whether what an earlier command downloaded is made executable, or started. */
function runsDownloaded(programs: readonly Program[]): boolean {
  const downloaded = new Set<string>();
  for (const program of programs) {
    const { name, path } = program;
    const words = program.arguments.map((word) => word.text);
    if (isDownloader(name)) {
      for (const file of targetsOf(words)) downloaded.add(file);
      continue;
    }
    if (downloaded.has(path) || downloaded.has(name)) return true;
    const runs = runsScripts(program) || ['chmod', 'eval', 'source', '.'].includes(name);
    if (runs && words.some((word) => downloaded.has(word) || downloaded.has(baseName(word)))) return true;
  }
  return false;
}

/** Files that a download writes: named by an option, or by the end of the address. */
function targetsOf(words: readonly string[]): string[] {
  const targets: string[] = [];
  for (const [at, word] of words.entries()) {
    if (/^-(o|O|-output|-output-document)$/.test(word)) targets.push(words[at + 1] ?? '');
    const [, file] = /^--output(?:-document)?=(.+)$/.exec(word) ?? [];
    if (file !== undefined) targets.push(file);
    if (/^(https?|ftp):\/\//.test(word)) targets.push(baseName(word.split(/[?#]/, 1)[0] ?? ''));
  }
  return targets.filter((file) => file !== '' && file !== '-');
}
