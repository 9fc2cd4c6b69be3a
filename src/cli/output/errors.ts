import { styleFor, terminalText } from '../../exports/index.ts';
import { CodedError, messageOf } from '../../kernel/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { colorFor, type Terminal } from './terminal.ts';

/** What the user typed or configured cannot be carried out; exit code 2. */
export class UsageError extends CodedError<'invalid_usage'> {
  constructor(message: string, hint?: string) {
    super('invalid_usage', message, hint === undefined ? {} : { hint });
  }
}

/** Codes of errors that end with something else than 1, by exit code. Every other failure is operational. */
const codesByExit: readonly (readonly [ExitCode, readonly string[]])[] = [
  [
    exitCodes.usage,
    [
      ...['invalid_usage', 'invalid_reference', 'config_unreadable', 'config_invalid', 'invalid_configuration'],
      ...['invalid_tag', 'invalid_request', 'output_required', 'key_invalid', 'ambiguous_image'],
    ],
  ],
  [
    exitCodes.verificationFailed,
    [
      ...['still_vulnerable', 'new_severe_finding', 'image_mismatch', 'self_check_failed'],
      // Advisory data that somebody else may have made or held back; a damaged copy is an ordinary failure.
      ...['bundle_signature', 'bundle_rollback'],
    ],
  ],
  [exitCodes.auth, ['unauthorized', 'denied', 'invalid_credentials', 'untrusted_realm']],
  [
    exitCodes.notFound,
    ['not_found', 'platform_not_found', 'image_not_found', 'source_unreadable', 'blob_not_found', 'ENOENT'],
  ],
  [exitCodes.advisoriesStale, ['no_snapshot', 'index_invalid', 'advisory_data_stale']],
  [exitCodes.timeout, ['timeout', 'TimeoutError', 'ETIMEDOUT']],
  [exitCodes.interrupted, ['cancelled', 'AbortError']],
];

const exitByCode = new Map(codesByExit.flatMap(([exit, codes]) => codes.map((code) => [code, exit] as const)));

/** The exit code of anything that was thrown; the first known code in the chain of causes decides. */
export function exitCodeOf(error: unknown): ExitCode {
  for (const link of causes(error)) {
    const exit = exitByCode.get(codeOf(link));
    if (exit !== undefined) return exit;
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
