import { baseName } from '../../../image/index.ts';
import type { ShellCommand, ShellWord } from './contract.ts';

/** Commands that run another one, with those of their options that take a value in the next word. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-U', '-D', '-R', '-T'],
  doas: ['-u', '-C'],
  env: ['-u', '-C', '-S'],
  exec: ['-a'],
  command: [],
  builtin: [],
  nohup: [],
  nice: ['-n'],
  ionice: ['-c', '-n', '-p'],
  stdbuf: ['-i', '-o', '-e'],
  timeout: ['-s', '-k'],
  xargs: ['-n', '-P', '-I', '-d', '-L', '-s', '-a', '-E'],
  chroot: [],
  gosu: [],
  'su-exec': [],
  setarch: [],
  busybox: [],
  setsid: [],
  chronic: [],
  flock: ['-w', '-E'],
  'systemd-cat': ['-t', '-p'],
  'run-parts': [],
};

/** Wrappers whose first word that is no option is their own: a duration, a directory, a user. */
const ownWord = new Set(['timeout', 'chroot', 'gosu', 'su-exec', 'setarch', 'flock']);

/** What a command runs in the end. */
export interface Program {
  /** Last part of its path. */
  readonly name: string;
  /** As written. */
  readonly path: string;
  readonly arguments: readonly ShellWord[];
}

/** Looks through `sudo`, `env`, `xargs` and their like; undefined for assignments alone. */
export function programOf({ words }: Pick<ShellCommand, 'words'>): Program | undefined {
  let at = 0;
  for (;;) {
    const name = baseName(words[at]?.text ?? '');
    if (at >= words.length) return undefined;
    const options = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    const next = options === undefined ? words.length : afterOptions(words, at + 1, options, ownWord.has(name));
    if (next >= words.length) return { name, path: words[at]?.text ?? '', arguments: words.slice(at + 1) };
    at = next;
  }
}

/** Index of the first word behind options, their values, and `NAME=value`. */
function afterOptions(words: readonly ShellWord[], from: number, valued: readonly string[], own: boolean): number {
  let at = from;
  for (; at < words.length; at++) {
    const text = words[at]?.text ?? '';
    if (valued.includes(text)) at++;
    else if (!text.startsWith('-') && !/^[A-Za-z_]\w*=/.test(text)) break;
  }
  return own ? at + 1 : at;
}

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh']);

/** Whether it is a shell that takes scripts in this language. */
export function isShell(name: string): boolean {
  return shells.has(name);
}

/** The word behind `-c`, also in a cluster (`-exc`); undefined when there is none. */
export function commandString(words: readonly ShellWord[]): ShellWord | undefined {
  for (let at = 0; at < words.length; at++) {
    const text = words[at]?.text ?? '';
    if (/^-[A-Za-z]*c$/.test(text)) return words[at + 1];
    // The name of an option follows: `-euxo pipefail`.
    if (/^[-+][A-Za-z]*[oO]$/.test(text)) at++;
    else if (!/^[-+]/.test(text)) return undefined;
  }
  return undefined;
}
