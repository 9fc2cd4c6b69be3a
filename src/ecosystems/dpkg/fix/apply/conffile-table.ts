/** What is known about one configuration file before it is decided. */
export interface ConffileState {
  /** MD5 of the version that the installed package shipped; `newconffile` or undefined when there is none. */
  readonly recorded: string | undefined;
  /** MD5 of what lies in the image, undefined when it was deleted or never there. */
  readonly current: string | undefined;
  /** MD5 of what the new package ships. */
  readonly shipped: string;
}

/**
 * `install`: write the packaged file; `replace`: new content, the image's mode and owner; `keep`: leave all as it is;
 * `keep-aside`: leave the file, write the new one beside it as `.dpkg-dist` and drop an old `.dpkg-old`.
 */
export type ConffileAction = 'install' | 'replace' | 'keep' | 'keep-aside';

/** The decision of dpkg with `--force-confold --force-confdef`: what the administrator changed stays. */
export function decideConffile({ recorded, current, shipped }: ConffileState): ConffileAction {
  if (current === shipped) return 'keep';
  const known = recorded !== undefined && recorded !== 'newconffile';
  if (!known) return current === undefined ? 'install' : 'keep-aside';
  if (recorded === shipped) return 'keep';
  return current === recorded ? 'replace' : 'keep-aside';
}

/** A line of the `conffiles` member of a package. */
export interface ConffileLine {
  /** Absolute path, one character per byte. */
  readonly path: string;
  readonly removeOnUpgrade: boolean;
}

/** Reads the `conffiles` member: one path per line, perhaps behind a flag. */
export function readConffileLines(lines: readonly string[]): ConffileLine[] {
  const found: ConffileLine[] = [];
  for (const line of lines) {
    const text = line.trimEnd();
    const removeOnUpgrade = text.startsWith('remove-on-upgrade ');
    const path = removeOnUpgrade ? text.slice(18).trimStart() : text;
    if (path.startsWith('/')) found.push({ path, removeOnUpgrade });
  }
  return found;
}
