import type { ImageView } from '../../../../image/index.ts';
import { linesOf } from './path-text.ts';

/** Whether dpkg's `path-exclude` and `path-include` options let a packaged path into the image. */
export type PathFilter = (path: string, type: 'directory' | 'symlink' | 'other') => boolean;

interface Rule {
  readonly include: boolean;
  readonly matches: (path: string) => boolean;
  /** Part before the first wildcard, without slashes at its end: directories below it are kept. */
  readonly prefix: string;
}

/** Reads the options from `etc/dpkg/dpkg.cfg.d/*` and `etc/dpkg/dpkg.cfg`, in dpkg's order. */
export function readPathFilter(view: Pick<ImageView, 'small' | 'children'>): PathFilter {
  const rules: Rule[] = [];
  const read = (file: string): void => {
    for (const line of linesOf(view.small(file))) {
      const option = /^\s*(path-(?:ex|in)clude)(?:\s*=\s*|\s+)(\S[^\n]*)$/.exec(line);
      if (!option) continue;
      const pattern = (option[2] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2');
      const wildcard = pattern.search(/[*?[\\]/);
      rules.push({
        include: option[1] === 'path-include',
        matches: globMatcher(pattern),
        prefix: (wildcard < 0 ? pattern : pattern.slice(0, wildcard)).replace(/\/+$/, ''),
      });
    }
  };
  for (const name of view.children('etc/dpkg/dpkg.cfg.d')) {
    if (/^[A-Za-z0-9_-]+$/.test(name)) read(`etc/dpkg/dpkg.cfg.d/${name}`);
  }
  read('etc/dpkg/dpkg.cfg');
  return (path, type) => allows(rules, `/${path}`, type);
}

function allows(rules: readonly Rule[], path: string, type: 'directory' | 'symlink' | 'other'): boolean {
  let allowed = true;
  for (const rule of rules) {
    if (rule.include !== allowed && rule.matches(path)) allowed = rule.include;
  }
  if (allowed || type === 'other') return allowed;
  // Without its directory a file that is included again could not be unpacked.
  return rules.some((rule) => rule.include && path.startsWith(rule.prefix));
}

/**
 * Shell pattern as dpkg's `fnmatch` without flags: `*` crosses slashes. Greedy with one restart point, so the time
 * is bounded by pattern × path.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const tokens = tokensOf(pattern);
  return (path) => {
    let token = 0;
    let at = 0;
    let restartToken = -1;
    let restartAt = 0;
    while (at < path.length) {
      const wanted = tokens[token];
      if (wanted === '*') {
        restartToken = token++;
        restartAt = at;
      } else if (wanted?.(path.charCodeAt(at))) {
        token++;
        at++;
      } else if (restartToken >= 0) {
        token = restartToken + 1;
        at = ++restartAt;
      } else {
        return false;
      }
    }
    while (tokens[token] === '*') token++;
    return token === tokens.length;
  };
}

type Token = '*' | ((code: number) => boolean);

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    const close = char === '[' ? pattern.indexOf(']', at + (/[!^]/.test(pattern[at + 1] ?? '') ? 3 : 2)) : -1;
    if (char === '*') tokens.push('*');
    else if (char === '?') tokens.push(() => true);
    else if (close > 0) {
      tokens.push(setToken(pattern.slice(at + 1, close)));
      at = close;
    } else {
      const literal = char === '\\' ? (pattern[++at] ?? '\\') : char;
      const code = literal.charCodeAt(0);
      tokens.push((other) => other === code);
    }
  }
  return tokens;
}

function setToken(body: string): (code: number) => boolean {
  const negated = body.startsWith('!') || body.startsWith('^');
  const set = negated ? body.slice(1) : body;
  const ranges: [number, number][] = [];
  for (let at = 0; at < set.length; at++) {
    const from = set.charCodeAt(at);
    if (set[at + 1] === '-' && at + 2 < set.length) {
      ranges.push([from, set.charCodeAt(at + 2)]);
      at += 2;
    } else {
      ranges.push([from, from]);
    }
  }
  return (code) => ranges.some(([from, to]) => code >= from && code <= to) !== negated;
}
