import { baseName } from '../../../../image/index.ts';
import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext, ReadFile } from '../../contract.ts';

import { withIncludes } from './include.ts';
import { type Directive, directiveOf, type SshFacts } from './ssh-file.ts';

/** A value as the server takes it, and where it is written. */
export interface SshdValue {
  readonly args: readonly string[];
  /** The condition of the `Match` block that it holds in; null where it holds for everybody. */
  readonly match: string | null;
  /** From a `Match all` block, which overrides what is written outside of blocks, and later blocks. */
  readonly final: boolean;
  /** What the line says, for reports: none of the directives that are kept is secret. */
  readonly evidence: RiskEvidence;
}

/** Effective configuration of the server. */
export interface SshdConfig {
  /** By lower-case keyword: at most one value that holds for everybody, and those of `Match` blocks. */
  readonly values: ReadonlyMap<string, readonly SshdValue[]>;
  /** Included files that could not be looked at: what no directive before them sets is not known. */
  readonly unread: readonly string[];
}

const programs: readonly string[] = [
  ...[
    'usr/sbin/sshd',
    'sbin/sshd',
    'usr/bin/sshd',
    'bin/sshd',
    'usr/local/sbin/sshd',
    'usr/local/bin/sshd',
    'opt/openssh/sbin/sshd',
  ],
];
const configs: readonly string[] = [
  'etc/ssh/sshd_config',
  'usr/etc/ssh/sshd_config',
  'usr/local/etc/ssh/sshd_config',
  'etc/sshd_config',
];

/** The SSH server's program; undefined when there is none. */
export function sshdProgram(context: CheckContext): { readonly path: string; readonly layer: number } | undefined {
  for (const program of programs) {
    const entry = context.entry(program);
    if (entry?.content !== undefined) return { path: entry.path, layer: entry.layer };
  }
  return undefined;
}

/**
 * What sshd makes of its configuration (sshd_config(5)): command line first, then the file with its includes; the first
 * value of a keyword counts, and a value of a `Match` block counts for whom its condition names.
 */
export function sshdConfig(context: CheckContext): SshdConfig {
  const values = new Map<string, SshdValue[]>();
  const { options, file } = commandLine(context);
  for (const directive of options) {
    const evidence = context.settingsEvidence('config:Cmd', textOf(directive));
    put(values, directive, { args: directive.args, match: null, final: false, evidence });
  }
  const path = file ?? configs.find((candidate) => context.entry(candidate)?.content !== undefined);
  const config = path === undefined ? undefined : withIncludes(context, path);
  if (config === undefined) {
    return { values, unread: path === undefined || context.entry(path) === undefined ? [] : [path] };
  }
  let scope: Scope = outside;
  const outer: Scope[] = [];
  for (const step of config.steps) {
    if (step.kind === 'enter') outer.push(scope);
    // A block that an included file opens ends with the file.
    else if (step.kind === 'leave') scope = outer.pop() ?? outside;
    else if (step.directive.key === 'match') scope = scopeOf(step.directive, outer.at(-1) ?? outside);
    else put(values, step.directive, placedValue(context, step.directive, step.place, scope));
  }
  return { values, unread: config.unread };
}

/** For whom the lines of a place hold. */
type Scope = Pick<SshdValue, 'match' | 'final'>;

const outside: Scope = { match: null, final: false };

/** A block in an included file holds where the block around the include does as well. */
function scopeOf({ args }: Directive, { match }: Scope): Scope {
  if (args.length === 1 && /^all$/i.test(args[0] ?? '')) return { match, final: match === null };
  return { match: [...(match === null ? [] : [match]), args.join(' ')].join(', '), final: false };
}

function placedValue(
  context: CheckContext,
  directive: Directive,
  place: ReadFile<SshFacts>,
  { match, final }: Scope,
): SshdValue {
  const block = final ? 'all' : match;
  const excerpt = block === null ? textOf(directive) : `Match ${block}: ${textOf(directive)}`;
  return { args: directive.args, match, final, evidence: context.evidence(place, { line: directive.line, excerpt }) };
}

function textOf({ key, args }: Directive): string {
  return `${key} ${args.join(' ')}`;
}

/** The first value of each scope counts, also of lists; blocks override what is outside of them. */
function put(values: Map<string, SshdValue[]>, { key }: Directive, value: SshdValue): void {
  const known = values.get(key) ?? [];
  if (known.some(({ match, final }) => final || (match === value.match && !value.final))) return;
  values.set(key, [...known.filter(({ match }) => !(value.final && match === null)), value]);
}

/** Options of the server in the command that a container of the image runs. */
function commandLine(context: CheckContext): { readonly options: readonly Directive[]; readonly file?: string } {
  const { entrypoint, cmd } = context.image.settings;
  const words = [...entrypoint, ...cmd];
  const start = words.findIndex((word) => baseName(word) === 'sshd');
  const options: Directive[] = [];
  let file: string | undefined;
  for (let at = start + 1; start >= 0 && at < words.length; at++) {
    const option = /^-(?<letter>[of])(?<value>.*)$/s.exec(words[at] ?? '')?.groups;
    if (option === undefined) continue;
    const value = option.value === '' ? (words[++at] ?? '') : (option.value ?? '');
    if (option.letter === 'f') file = value.replace(/^\/+/, '');
    else {
      const directive = directiveOf(value, 1);
      if (directive !== undefined) options.push(directive);
    }
  }
  return { options, ...(file !== undefined && { file }) };
}
