import type { FactReader } from '../../contract.ts';
import { parseSudoers, type Sudoers } from './grammar.ts';

/** Rules that are kept of one file; whoever writes more hides something in them. */
export const maxSudoRules = 5000;

/** Facts of one file; `tooMany` when not all rules were kept. */
export interface SudoersFacts extends Sudoers {
  readonly tooMany?: true;
}

/** Reads sudoers files. Of a directory sudo reads the files without `.` in their name that do not end with `~`. */
export const sudoersReader: FactReader<SudoersFacts> = {
  id: 'sudoers',
  version: 1,
  wants: ({ path }) => path.endsWith('etc/sudoers') || /(^|\/)sudoers\.d\/[^/.]*[^/.~]$/.test(path),
  read(bytes) {
    const parsed = parseSudoers(new TextDecoder().decode(bytes));
    const commands = parsed.rules.reduce((sum, { commands: list, users }) => sum + list.length + users.length, 0);
    if (commands <= maxSudoRules) return parsed;
    return { ...parsed, rules: parsed.rules.slice(0, 1), tooMany: true };
  },
};
