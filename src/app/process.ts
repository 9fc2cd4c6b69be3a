import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { processTerminal } from '../cli/output/terminal.ts';
import { systemClock } from '../kernel/index.ts';

/** The parts that every command gets of this process. */
export interface ProcessParts {
  readonly terminal: ReturnType<typeof processTerminal>;
  readonly clock: typeof systemClock;
  /** Aborted by the first interrupt; the second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Sets the code with which the process ends once nothing more runs. */
  exit(code: ExitCode): void;
}

/** Connects a command to this process: terminal, clock, signals, exit code. */
export function processParts(): ProcessParts {
  const controller = new AbortController();
  let interrupts = 0;
  const interrupt = (): void => {
    interrupts++;
    if (interrupts > 1) process.exit(exitCodes.interrupted);
    controller.abort(new DOMException('interrupted', 'AbortError'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // A reader that closes the pipe (`drydock … | head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    terminal: processTerminal(),
    clock: systemClock,
    signal: controller.signal,
    exit(code) {
      process.exitCode = code;
    },
  };
}
