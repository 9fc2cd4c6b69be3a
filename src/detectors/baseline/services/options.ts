import { baseName } from '../../../image/index.ts';
import type { ImageSettings } from '../../image-settings.ts';
import { commandWords } from '../command-words.ts';

/** Options of a command line, as far as they can be read without knowing the program. */
export interface Options {
  /** The value of an option, its names without dashes; '' where only the name stands; undefined when it is not there. */
  get(...names: readonly string[]): string | undefined;
  /** All of them, by names without dashes. */
  readonly all: ReadonlyMap<string, string>;
}

/** An option starts with a letter; `-1` and `-::1` are values. */
const option = /^--?[A-Za-z]/;

/** Reads `--name=value`, `--name value value`, `-n value`; the last of a name wins. */
export function readOptions(words: readonly string[]): Options {
  const values = new Map<string, string>();
  let name: string | undefined;
  for (const word of words) {
    if (!option.test(word)) {
      if (name === undefined) continue;
      const before = values.get(name);
      values.set(name, before === undefined || before === '' ? word : `${before} ${word}`);
      continue;
    }
    const bare = word.replace(/^--?/, '');
    const equals = bare.indexOf('=');
    name = equals < 0 ? bare : bare.slice(0, equals);
    values.set(name, equals < 0 ? '' : bare.slice(equals + 1));
    // Nothing more belongs to `--name=value`.
    if (equals >= 0) name = undefined;
  }
  return { all: values, get: (...names) => names.map((each) => values.get(each)).find((value) => value !== undefined) };
}

/** Words of what the image starts, command lines of shells taken apart. */
export function startWords({ entrypoint, cmd }: Pick<ImageSettings, 'entrypoint' | 'cmd'>): string[] {
  return [...entrypoint, ...cmd].flatMap((word) => (/\s/.test(word) ? commandWords(word) : [word]));
}

/**
 * Options with which the image starts one of these programs. A command of options only belongs to whatever the image's
 * entrypoint starts.
 */
export function optionsOf(settings: ImageSettings, programs: readonly string[]): Options | undefined {
  const words = startWords(settings);
  const at = words.findIndex((word) => programs.includes(baseName(word)));
  if (at >= 0) return readOptions(words.slice(at + 1));
  return option.test(settings.cmd[0] ?? '') ? readOptions(settings.cmd) : undefined;
}
