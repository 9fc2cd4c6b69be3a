import { baseName } from '../../../../image/index.ts';

/** Instructions of a Dockerfile that leave a trace in the history. */
const keywords = [
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER'],
  ...['ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
] as const;
const known: ReadonlySet<string> = new Set(keywords);

/** One instruction without what the builder put around it. */
export interface ParsedInstruction {
  /** In capitals. */
  readonly keyword: string;
  /** `--chown=…`, `--checksum=…` where the builder keeps them. */
  readonly flags: readonly string[];
  /** Build arguments in front of a RUN: `A=1 B=2`; empty when there are none. */
  readonly buildArguments: string;
  /** Behind the keyword; for RUN the script. */
  readonly text: string;
  /** False for scripts of other shells (cmd, PowerShell), which nobody here can read. */
  readonly posix: boolean;
}

const suffix = ' # buildkit';
const nop = '#(nop)';

/**
 * Takes an instruction out of the `created_by` of a history: `/bin/sh -c #(nop) …` and `|n A=1 … /bin/sh -c …` of the
 * classic builder and Buildah, `RUN … # buildkit` of BuildKit, plain instructions of Kaniko. Undefined when it is none of
 * these.
 */
export function parseInstruction(createdBy: string): ParsedInstruction | undefined {
  let text = createdBy.trim();
  if (text.endsWith(suffix)) text = text.slice(0, -suffix.length).trimEnd();
  const marker = text.lastIndexOf(nop, 256);
  if (marker >= 0) return plain(text.slice(marker + nop.length).trimStart());
  return plain(text) ?? run(text, [], true);
}

/** An instruction with its keyword. */
function plain(text: string): ParsedInstruction | undefined {
  const keyword = /^[A-Z]{3,11}(?=\s|$)/.exec(text)?.[0] ?? '';
  if (!known.has(keyword)) return undefined;
  const [flags, rest] = takeFlags(text.slice(keyword.length).trimStart());
  if (keyword !== 'RUN') return { keyword, flags, buildArguments: '', text: rest.trimEnd(), posix: true };
  return run(rest, flags, false);
}

function takeFlags(text: string): readonly [readonly string[], string] {
  const flags: string[] = [];
  let rest = text;
  for (let flag = firstFlag(rest); flag !== undefined; flag = firstFlag(rest)) {
    flags.push(flag);
    rest = rest.slice(flag.length).trimStart();
  }
  return [flags, rest];
}

function firstFlag(text: string): string | undefined {
  return /^--[a-z][a-z-]*(?:=\S*)?(?=\s|$)/.exec(text)?.[0];
}

/** A script, behind the build arguments and the shell that ran it. @param bare without one of them it is no RUN */
function run(text: string, flags: readonly string[], bare: boolean): ParsedInstruction | undefined {
  const count = /^\|(\d{1,4}) /.exec(text);
  if (count === null) {
    const script = withoutShell(text);
    if (script === undefined && bare) return otherShell(text) ? foreign(text, flags) : undefined;
    return { keyword: 'RUN', flags, buildArguments: '', text: script ?? text, posix: !otherShell(text) };
  }
  const rest = text.slice(count[0].length);
  const start = shellStart(rest);
  const script = start < 0 ? undefined : withoutShell(rest.slice(start));
  if (script === undefined) return foreign(rest, flags);
  return { keyword: 'RUN', flags, buildArguments: rest.slice(0, start).trim(), text: script, posix: true };
}

function foreign(text: string, flags: readonly string[]): ParsedInstruction {
  return { keyword: 'RUN', flags, buildArguments: '', text, posix: false };
}

function otherShell(text: string): boolean {
  return /^(?:[^\s"']{0,200}[\\/])?(?:cmd|powershell|pwsh)(?:\.exe)?\s/i.test(text);
}

const shellNames = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh']);
/** Words of a SHELL instruction that are looked at. */
const maxShellWords = 8;

/** `/bin/bash -o pipefail -c ` taken off; undefined when the text starts otherwise. */
function withoutShell(text: string): string | undefined {
  let at = 0;
  for (let index = 0; index < maxShellWords; index++) {
    const space = text.indexOf(' ', at);
    if (space < 0) return undefined;
    const word = text.slice(at, space);
    at = space + 1;
    if (index === 0) {
      if (!shellNames.has(baseName(word))) return undefined;
    } else if (/^-[A-Za-z]*c$/.test(word)) return text.slice(at);
  }
  return undefined;
}

/** Where the shell is named behind build arguments, whose values may have spaces. */
function shellStart(text: string): number {
  if (withoutShell(text) !== undefined) return 0;
  for (const path of ['/bin/sh ', '/bin/bash ', '/bin/ash ', 'bash ', 'sh ']) {
    const found = text.indexOf(` ${path}`);
    if (found >= 0 && withoutShell(text.slice(found + 1)) !== undefined) return found + 1;
  }
  return -1;
}
