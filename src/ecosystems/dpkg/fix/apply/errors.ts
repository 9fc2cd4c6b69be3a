import { CodedError } from '../../../../kernel/index.ts';

/** What a refusal is about, so that the planner knows which package to leave out. */
export interface RefusalCause {
  readonly hint?: string;
  /** Canonical path that the refused package brings or removes. */
  readonly path?: string;
  /** Name of the refused package. */
  readonly package?: string;
}

/**
 * Why one package cannot be applied; the planner solves again without it. `conflict`: a path that another package or
 * the image holds; `needs_script`: an effect of a script that cannot be reproduced; `unsupported`: a package or record
 * outside what dpkg's format allows.
 */
export class ApplyError extends CodedError<'conflict' | 'needs_script' | 'unsupported'> {
  readonly path: string | undefined;
  readonly package: string | undefined;

  constructor(code: 'conflict' | 'needs_script' | 'unsupported', message: string, cause: RefusalCause = {}) {
    super(code, message, cause.hint === undefined ? {} : { hint: cause.hint });
    this.path = cause.path;
    this.package = cause.package;
  }
}
