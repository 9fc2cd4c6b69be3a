import { isModulePath, isVersion } from './build-info.ts';

/** A module that a file requires. */
export interface RequiredModule {
  readonly path: string;
  readonly version: string;
}

/** What `go.mod` says. */
export interface ModuleFile {
  readonly required: readonly RequiredModule[];
  /** Lists all modules of the build, not only those that are imported directly: since Go 1.17. */
  readonly complete: boolean;
  readonly malformed: number;
}

/** Lines of one file. */
export const maxModLines = 50_000;

/** Reads `go.mod`: `require` and `replace`, one to a line or in parentheses. Replacements replace identity. */
export function parseGoMod(text: string): ModuleFile {
  const required = new Map<string, string>();
  const replaced = new Map<string, RequiredModule | undefined>();
  let block = '';
  let go = '';
  let malformed = 0;
  for (const line of text.split('\n', maxModLines)) {
    const words = wordsOf(line);
    const [first = ''] = words;
    if (first === ')') {
      block = '';
      continue;
    }
    if (words[1] === '(') {
      block = first;
      continue;
    }
    const rest = block === '' ? words.slice(1) : words;
    const directive = block === '' ? first : block;
    if (directive === 'go') go = rest[0] ?? '';
    else if (directive === 'require' && rest.length >= 2) {
      const [path = '', version = ''] = rest;
      if (isModulePath(path) && version !== '' && isVersion(version)) required.set(path, version);
      else malformed++;
    } else if (directive === 'replace') readReplacement(rest, replaced);
  }
  return { required: settle(required, replaced), complete: minorOf(go) >= 17, malformed };
}

/** `old [version] => new [version]`; a directory has no version. */
function readReplacement(words: readonly string[], replaced: Map<string, RequiredModule | undefined>): void {
  const arrow = words.indexOf('=>');
  if (arrow < 1) return;
  const [path = '', version = ''] = words.slice(arrow + 1);
  const key = words.slice(0, Math.min(arrow, 2)).join(' ');
  replaced.set(key, version !== '' && isVersion(version) && isModulePath(path) ? { path, version } : undefined);
}

function settle(
  required: ReadonlyMap<string, string>,
  replaced: ReadonlyMap<string, RequiredModule | undefined>,
): RequiredModule[] {
  const modules: RequiredModule[] = [];
  for (const [path, version] of required) {
    const key = [`${path} ${version}`, path].find((candidate) => replaced.has(candidate));
    const module = key === undefined ? { path, version } : replaced.get(key);
    if (module !== undefined) modules.push(module);
  }
  return modules;
}

/** Words of a line without its comment; quotes are dropped. */
function wordsOf(line: string): string[] {
  const comment = line.indexOf('//');
  const text = (comment < 0 ? line : line.slice(0, comment)).slice(0, 4096);
  return text
    .split(/[ \t\r]/)
    .filter((word) => word !== '')
    .map((word) => word.replaceAll('"', ''));
}

function minorOf(version: string): number {
  const [major, minor] = version.split('.', 2);
  return major === '1' ? Number(minor) || 0 : 0;
}

/**
 * Reads `go.sum`: modules whose content was needed, `path version hash`. Lines of `/go.mod` alone were only looked at.
 */
export function parseGoSum(text: string): RequiredModule[] {
  const modules: RequiredModule[] = [];
  for (const line of text.split('\n', maxModLines)) {
    const [path = '', version = ''] = wordsOf(line);
    if (version.endsWith('/go.mod') || version === '' || !isModulePath(path) || !isVersion(version)) continue;
    modules.push({ path, version });
  }
  return modules;
}
