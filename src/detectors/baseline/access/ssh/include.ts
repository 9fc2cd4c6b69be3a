import { globMatcher } from '../../../../ecosystems/index.ts';
import type { CheckContext, ReadFile } from '../../contract.ts';
import { type Directive, type SshFacts, sshReader } from './ssh-file.ts';

/** A directive in the order in which OpenSSH comes upon it, or a place where it leaves an included file. */
export type Step =
  | { readonly kind: 'directive'; readonly directive: Directive; readonly place: ReadFile<SshFacts> }
  | { readonly kind: 'enter' }
  | { readonly kind: 'leave' };

/** A configuration with its includes. */
export interface IncludedConfig {
  readonly steps: readonly Step[];
  /** Included files that could not be looked at. */
  readonly unread: readonly string[];
}

const maxDepth = 16;
const maxFiles = 256;
/** Names that the patterns of one image are compared with. */
const maxNames = 20_000;

interface Walk {
  readonly context: CheckContext;
  readonly steps: Step[];
  readonly unread: string[];
  /** Of the user for whom the client reads; absent for system-wide files. */
  readonly base: string;
  files: number;
  names: number;
}

/**
 * Follows the includes of a configuration: patterns are relative to a folder, their files come in lexical order, a file
 * that includes itself is cut there.
 */
export function withIncludes(context: CheckContext, path: string, base = 'etc/ssh'): IncludedConfig | undefined {
  const place = context.file(sshReader, path);
  if (place === undefined) return undefined;
  const walk: Walk = { context, steps: [], unread: [], base, files: maxFiles, names: maxNames };
  readFile(walk, place, []);
  return walk;
}

function readFile(walk: Walk, place: ReadFile<SshFacts>, open: readonly string[]): void {
  if (place.facts === undefined || place.facts.truncated === true) walk.unread.push(place.path);
  for (const directive of place.facts?.directives ?? []) {
    if (directive.key !== 'include') walk.steps.push({ kind: 'directive', directive, place });
    else for (const pattern of directive.args) include(walk, pattern, [...open, place.path]);
  }
}

function include(walk: Walk, pattern: string, open: readonly string[]): void {
  const { context, unread, steps } = walk;
  const absolute = /^[/~]/.test(pattern) ? pattern.replace(/^~\//, `${walk.base}/../`) : `${walk.base}/${pattern}`;
  for (const path of expand(walk, absolute)) {
    if (open.includes(path)) continue;
    if (open.length >= maxDepth || walk.files-- <= 0) {
      unread.push(path);
      return;
    }
    const place = context.file(sshReader, path);
    if (place === undefined) {
      if (context.entry(path)?.content !== undefined) unread.push(path);
      continue;
    }
    steps.push({ kind: 'enter' });
    readFile(walk, place, open);
    steps.push({ kind: 'leave' });
  }
}

/** Files of the image that a pattern names, as glob(3) gives them. */
function expand(walk: Walk, pattern: string): readonly string[] {
  const { view } = walk.context;
  let found: readonly string[] = [''];
  for (const segment of pattern.split('/').filter((part) => part !== '' && part !== '.')) {
    const next: string[] = [];
    const matches = /[*?[\\]/.test(segment) ? globMatcher(segment) : undefined;
    for (const parent of found) {
      if (matches === undefined) {
        const path = segment === '..' ? parent.slice(0, Math.max(0, parent.lastIndexOf('/'))) : join(parent, segment);
        if (path === '' || view.resolve(path) !== undefined) next.push(path);
        continue;
      }
      const directory = parent === '' ? '' : (view.resolve(parent)?.path ?? parent);
      for (const name of view.children(directory)) {
        if (walk.names-- <= 0) return [];
        // A star does not stand for the dot of a hidden file.
        if (matches(name) && (!name.startsWith('.') || segment.startsWith('.'))) next.push(join(directory, name));
      }
    }
    found = next;
  }
  return [...found].sort();
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}
