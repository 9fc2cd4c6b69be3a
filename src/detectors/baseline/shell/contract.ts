/** Some of the commands of a script, by index: from inclusive, to exclusive. */
export interface CommandRange {
  readonly from: number;
  readonly to: number;
}

/** A word after quotes were taken off; what a shell would put in its place stays as written: `$HOME`, `$(date)`. */
export interface ShellWord {
  readonly text: string;
  /** Commands of substitutions in it (`$(…)`, backticks, `<(…)`); null when there are none. */
  readonly inner: CommandRange | null;
}

/** One simple command. */
export interface ShellCommand {
  /** As written, the words only. */
  readonly source: string;
  /** `NAME=value` in front of the words. */
  readonly assignments: readonly ShellWord[];
  readonly words: readonly ShellWord[];
  /** Commands whose output it reads through a pipe. */
  readonly input: CommandRange | null;
  /** Bodies of its here-documents. */
  readonly heredocs: readonly string[];
  /** How many substitutions and scripts inside of scripts it lies in. */
  readonly depth: number;
}

/** All commands of a script, those of substitutions before the command that they are part of. */
export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** False where quotes or brackets do not end, or a limit was met: the rest is then a guess. */
  readonly complete: boolean;
}
