import type { AptConfiguration, PlannerDeps, RepositoryConfig } from '../../ecosystems/index.ts';
import type { FixDeps } from '../../fix/index.ts';
import type { Progress } from '../../kernel/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';

/** The engine with package archives of the command's choice; released at the end where it can be. */
export interface QuickstartEngine extends Partial<AsyncDisposable> {
  readonly fix: FixDeps;
  readonly planner: PlannerDeps;
}

/** What `drydock quickstart` is given. */
export interface QuickstartCliDeps {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** This machine's own apt configuration, a default for the mirror. */
  readonly apt: AptConfiguration;
  /** Package archives of the configuration, without those of the environment. */
  readonly repositories: RepositoryConfig;
  engine(options: { progress: Progress; repositories: RepositoryConfig }): Promise<QuickstartEngine>;
  /** Writes a file whole or not at all; its directory is made. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  exit(code: ExitCode): void;
}

/** The options of the command as commander hands them over. */
export interface QuickstartOptions {
  readonly mirror?: string;
  readonly dir: string;
  readonly keep?: boolean;
  readonly progress: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
}
