import type { RuleFile, RuleService, SkippedFile } from '../../detectors/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';

/** What `drydock rules` is given. */
export interface RulesDeps {
  readonly service: RuleService;
  readonly terminal: Terminal;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Who changes the rules, for the manifest. */
  readonly user: string;
  /** Reads files, folders and archives that the user named. */
  readRules(
    paths: readonly string[],
  ): Promise<{ readonly files: readonly RuleFile[]; readonly skipped: readonly SkippedFile[] }>;
  /** Opens a file that the user named, to let rules look at it. */
  openFile(path: string): Promise<{ readonly size: number; readonly content: AsyncIterable<Uint8Array> }>;
  exit(code: ExitCode): void;
}

/** Makes the dependencies of a command that was chosen. */
export type LoadRules = () => Promise<RulesDeps>;
