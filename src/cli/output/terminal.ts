/** The part of a process stream that output needs. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command is given to talk to people and programs; `app/` passes the process's own. */
export interface Terminal {
  /** Results only. */
  readonly stdout: Output;
  /** Progress, warnings, errors. */
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return { stdout: process.stdout, stderr: process.stderr, env: process.env };
}

/** Whether a stream gets colour: a terminal that can, unless the user or `NO_COLOR` (no-color.org) says no. */
export function colorFor(stream: Output, env: NodeJS.ProcessEnv, asked: boolean | undefined): boolean {
  if (asked === false || env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Columns to lay a table out for; a pipe has the classic 100. */
export function widthOf(stream: Output): number {
  return stream.isTTY && stream.columns ? Math.max(40, stream.columns) : 100;
}
