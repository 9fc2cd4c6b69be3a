import { styleFor, terminalText } from '../../exports/index.ts';
import { CodedError, messageOf } from '../../kernel/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { exitByCode } from './exit-table.ts';
import { colorFor, type Terminal } from './terminal.ts';

/** What the user typed or configured cannot be carried out; exit code 2. */
export class UsageError extends CodedError<'invalid_usage'> {
  constructor(message: string, hint?: string) {
    super('invalid_usage', message, hint === undefined ? {} : { hint });
  }
}

/** The exit code of anything that was thrown; the first code in the chain of causes that means more than 1 decides. */
export function exitCodeOf(error: unknown): ExitCode {
  for (const link of causes(error)) {
    for (const code of [remoteCodeOf(link), codeOf(link)]) {
      const exit = exitByCode.get(code);
      if (exit !== undefined && exit !== exitCodes.error) return exit;
    }
  }
  return exitCodes.error;
}

/**
 * An error as lines for a person: what happened, the root of it where that says more, what to do. Never a stack
 * trace; texts of images and servers are made harmless.
 */
export function describeError(error: unknown, options: { readonly color?: boolean } = {}): string {
  const style = styleFor(options.color ?? false);
  const chain = [...causes(error)];
  const lines = [`${style.bad('error:')} ${oneLine(messageOf(error))}`];
  const known = messageOf(error);
  const root = chain.slice(1).findLast((cause) => !known.includes(messageOf(cause)));
  if (root !== undefined && messageOf(root) !== '') lines.push(`  because: ${oneLine(messageOf(root))}`);
  const hint = chain.find((link) => link instanceof CodedError && link.hint !== undefined) as CodedError | undefined;
  if (hint?.hint !== undefined) lines.push(`  ${style.dim('→')} ${oneLine(hint.hint)}`);
  return `${lines.join('\n')}\n`;
}

/**
 * Tells an error on stderr and gives the exit code to end with. An interruption needs no words.
 * @param subject which of several images it is about
 */
export function reportError(error: unknown, terminal: Terminal, color?: boolean, subject?: string): ExitCode {
  const exit = exitCodeOf(error);
  const text =
    exit === exitCodes.interrupted
      ? 'interrupted\n'
      : describeError(error, { color: colorFor(terminal.stderr, terminal.env, color) });
  terminal.stderr.write(subject === undefined ? text : `${oneLine(subject)}\n${text}`);
  return exit;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : '';
}

/** What a server calls the error that it answered with: a mistake of the user is one wherever it is found. */
function remoteCodeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'remoteCode' in error ? error.remoteCode : undefined;
  return typeof code === 'string' ? code : '';
}

/** An error and what caused it, at most eight deep: causes may form a ring. */
function* causes(error: unknown): Generator<unknown> {
  for (let link = error, depth = 0; link !== undefined && link !== null && depth < 8; depth++) {
    yield link;
    link = link instanceof Error ? link.cause : undefined;
  }
}

function oneLine(text: string): string {
  const line = terminalText(text.replaceAll('\n', ' '));
  return line.length > 1000 ? `${line.slice(0, 999)}…` : line;
}
