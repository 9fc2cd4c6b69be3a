/**
 * The base of every error that Drydock raises on purpose. Each domain declares its own subclass with a closed
 * union of codes (`class TarError extends CodedError<'tar_checksum' | …>`); facades map codes to their vocabulary.
 */
export class CodedError<C extends string = string> extends Error {
  /** Stable machine-readable name of the failure; part of the public contract. */
  readonly code: C;
  /** Whether the same call may succeed when repeated later (network, quota, lost lease). */
  readonly retryable: boolean;
  /** One sentence that tells the user what to do, or undefined when the message already does. */
  readonly hint: string | undefined;

  constructor(code: C, message: string, options: { retryable?: boolean; hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint;
  }
}

/** Whether a value is one of our errors with the given code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof CodedError && error.code === code;
}

/** The message of anything that was thrown, for a log line or a diagnostic. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
