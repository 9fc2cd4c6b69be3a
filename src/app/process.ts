import { exitCodes } from '../cli/exit-codes.ts';
import { processTerminal } from '../cli/output/terminal.ts';
import { systemClock } from '../kernel/index.ts';

/** The parts that every command gets of this process. */
export interface ProcessParts {
  readonly terminal: ReturnType<typeof processTerminal>;
  readonly clock: typeof systemClock;
  /** Aborted by the first interrupt; the second one, or three seconds, end the process. */
  readonly signal: AbortSignal;
  /** Sets the code with which the process ends once nothing more runs. */
  exit(code: number): void;
}

/** How long work that must not be torn apart may go on after an interruption. */
const interruptGraceMs = 3000;

/** Connects a command to this process: terminal, clock, signals, exit code. */
export function processParts(): ProcessParts {
  const controller = new AbortController();
  let interrupts = 0;
  const interrupt = (): void => {
    interrupts++;
    if (interrupts > 1) process.exit(exitCodes.interrupted);
    controller.abort(new DOMException('interrupted', 'AbortError'));
    // A tag that is being set is waited for, but not for ever: a task that is cut off here is one that was killed,
    // and the same command finishes it.
    setTimeout(() => {
      process.stderr.write('interrupted; run the same command again to finish what had begun\n');
      process.exit(exitCodes.interrupted);
    }, interruptGraceMs).unref();
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
