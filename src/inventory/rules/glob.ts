import { InventoryError } from '../errors.ts';

const maxLength = 255;

/** Decides over repository paths. */
export type PathFilter = (path: string) => boolean;

type Token = { readonly kind: 'text'; readonly char: string } | { readonly kind: 'one' | 'many' | 'any' };

/**
 * Compiles patterns over repository paths: `*` matches any characters but `/`, `**` also those, `?` one character but
 * `/`. A path passes when an include pattern matches (none: all pass) and no exclude pattern does. Matching takes
 * length × pattern steps at most: nothing is ever tried twice.
 * @throws InventoryError `glob_invalid`
 */
export function compilePathFilter(include: readonly string[], exclude: readonly string[]): PathFilter {
  const wanted = include.map(compileGlob);
  const unwanted = exclude.map(compileGlob);
  return (path) =>
    (wanted.length === 0 || wanted.some((match) => match(path))) && !unwanted.some((match) => match(path));
}

/** One pattern. @throws InventoryError `glob_invalid` */
export function compileGlob(pattern: string): PathFilter {
  const tokens = parse(pattern);
  return (path) => path.length <= maxLength && matches(tokens, path);
}

function parse(pattern: string): readonly Token[] {
  if (pattern.length === 0 || pattern.length > maxLength || !/^[A-Za-z0-9._/*?-]+$/.test(pattern)) {
    throw new InventoryError(
      'glob_invalid',
      `not a pattern for repositories: ${JSON.stringify(pattern.slice(0, 100))}`,
    );
  }
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '?') tokens.push({ kind: 'one' });
    else if (char !== '*') tokens.push({ kind: 'text', char });
    else if (pattern.charAt(at + 1) === '*') {
      tokens.push({ kind: 'any' });
      at++;
    } else tokens.push({ kind: 'many' });
  }
  return tokens;
}

/** Simulates all ways to match side by side: `open[i]` = the first i tokens match what was read so far. */
function matches(tokens: readonly Token[], path: string): boolean {
  let open = new Uint8Array(tokens.length + 1);
  open[0] = 1;
  skipEmpty(tokens, open);
  for (const char of path) {
    const next = new Uint8Array(tokens.length + 1);
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at];
      if (!open[at] || token === undefined) continue;
      if (token.kind === 'text' ? token.char === char : token.kind === 'one' && char !== '/') next[at + 1] = 1;
      if (token.kind === 'any' || (token.kind === 'many' && char !== '/')) next[at] = 1;
    }
    skipEmpty(tokens, next);
    open = next;
  }
  return open[tokens.length] === 1;
}

/** Stars also match nothing. */
function skipEmpty(tokens: readonly Token[], open: Uint8Array): void {
  for (let at = 0; at < tokens.length; at++) {
    const kind = tokens[at]?.kind;
    if (open[at] && (kind === 'any' || kind === 'many')) open[at + 1] = 1;
  }
}
