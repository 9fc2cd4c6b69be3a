import { commandWords } from '../command-words.ts';
import { assignments } from './formats/lines.ts';
import type { Setting } from './formats/setting.ts';
import { readOptions } from './options.ts';

/** Options in a variable of a file that a service manager reads: `ARGS="--listen 127.0.0.1"`; the variable's name is ignored. */
export function* argumentFile(text: string): Generator<Setting> {
  for (const { value, line } of assignments(text)) {
    for (const [key, option] of readOptions(commandWords(value)).all) yield { key, value: option, line };
  }
}

/** Options of a file that has nothing else, one a line: memcached's. */
export function* optionFile(text: string): Generator<Setting> {
  let line = 0;
  for (const words of text.split('\n')) {
    line++;
    if (words.trimStart().startsWith('#')) continue;
    for (const [key, value] of readOptions(commandWords(words)).all) yield { key, value, line };
  }
}
