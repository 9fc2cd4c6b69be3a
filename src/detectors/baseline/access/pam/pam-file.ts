import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';
import { textLines } from '../../text-lines.ts';

/** What a rule is about. */
export type PamType = 'auth' | 'account' | 'password' | 'session';

/** One line of a PAM configuration (pam.conf(5)). */
export type PamRule = {
  readonly line: number;
  /** Only in `/etc/pam.conf`, where each line names its service. */
  readonly service?: string;
} & (
  | {
      readonly kind: 'module';
      readonly type: PamType;
      /** `required`, `sufficient`, or what stands in the brackets; lower case. */
      readonly control: string;
      /** File name without directory and `.so`: `pam_unix`. */
      readonly module: string;
      /** Of modules that checks know; what others are told may be secret. */
      readonly args: readonly string[];
    }
  | {
      readonly kind: 'include';
      /** Undefined takes the rules of every type, as Debian's `@include` does. */
      readonly type?: PamType;
      readonly target: string;
    }
);

/** Rules of one file. */
export interface PamFacts {
  readonly rules: readonly PamRule[];
  /** Lines that are no rule. */
  readonly malformed: number;
  readonly truncated?: true;
}

const maxRules = 1000;
const maxArgs = 64;
const knownModules: ReadonlySet<string> = new Set([
  ...['pam_unix', 'pam_permit', 'pam_succeed_if', 'pam_rootok', 'pam_pwquality', 'pam_cracklib', 'pam_passwdqc'],
]);
const types: ReadonlySet<string> = new Set(['auth', 'account', 'password', 'session']);
/** Stacks that others include, also where authselect keeps them. */
const sharedStack = /^(system-auth|password-auth|postlogin|(smartcard|fingerprint|base)-auth|common-[a-z]+)(-\w+)?$/;

/** Reads the files of `pam.d` folders, shared stacks wherever links lead, and `/etc/pam.conf`. */
export const pamReader: FactReader<PamFacts> = {
  id: 'pam',
  version: 1,
  wants: ({ path }) => /(^|\/)(pam\.d\/[^/]+|etc\/pam\.conf)$/.test(path) || sharedStack.test(baseName(path)),
  read(bytes, { path }) {
    const text = textLines(bytes);
    if (text === undefined) return undefined;
    const single = baseName(path) === 'pam.conf';
    const rules: PamRule[] = [];
    let malformed = 0;
    for (const { line, content } of logicalLines(text.lines)) {
      const rule = parseRule(content, line, single);
      if (rule === undefined) malformed++;
      else if (rules.length < maxRules) rules.push(rule);
      else return { rules, malformed, truncated: true };
    }
    return { rules, malformed, ...(text.truncated && { truncated: true as const }) };
  },
};

/** Lines without comments, joined where a backslash ends one. */
function* logicalLines(lines: readonly string[]): Generator<{ readonly line: number; readonly content: string }> {
  let parts: string[] = [];
  let start = 0;
  for (const [index, raw] of lines.entries()) {
    const comment = raw.indexOf('#');
    const content = (comment < 0 ? raw : raw.slice(0, comment)).trimEnd();
    if (parts.length === 0) start = index + 1;
    const continued = comment < 0 && content.endsWith('\\');
    parts.push(continued ? content.slice(0, -1) : content);
    if (continued) continue;
    const joined = parts.join(' ').trim();
    parts = [];
    if (joined !== '') yield { line: start, content: joined };
  }
  if (parts.join('').trim() !== '') yield { line: start, content: parts.join(' ').trim() };
}

function parseRule(content: string, line: number, single: boolean): PamRule | undefined {
  const words = wordsOf(content);
  const service = single ? words.shift()?.toLowerCase() : undefined;
  const common = { line, ...(service !== undefined && { service }) };
  const first = words.shift()?.toLowerCase() ?? '';
  if (first === '@include') {
    const target = words[0];
    return target === undefined ? undefined : { ...common, kind: 'include', target: target.slice(0, 256) };
  }
  const type = first.replace(/^-/, '');
  const [control = '', module, ...args] = words;
  if (!types.has(type) || module === undefined) return undefined;
  const known = { ...common, type: type as PamType };
  if (/^(include|substack)$/i.test(control)) return { ...known, kind: 'include', target: module.slice(0, 256) };
  const name = baseName(module).replace(/\.so$/, '').slice(0, 64);
  const told = knownModules.has(name) ? args.slice(0, maxArgs).map((arg) => arg.slice(0, 128)) : [];
  return { ...known, kind: 'module', control: control.toLowerCase().slice(0, 256), module: name, args: told };
}

/** Words of a rule; what stands in brackets is one, without them. */
function wordsOf(content: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < content.length; ) {
    const char = content[at] ?? '';
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const close = char === '[' ? content.indexOf(']', at) : -1;
    if (close > 0) {
      words.push(content.slice(at + 1, close));
      at = close + 1;
      continue;
    }
    let end = at;
    while (end < content.length && !/\s/.test(content[end] ?? '')) end++;
    words.push(content.slice(at, end));
    at = end;
  }
  return words;
}
