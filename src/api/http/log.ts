import { type DestinationStream, type Logger, pino } from 'pino';
import { redactDeep } from './redact.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/**
 * The logger of a process: one JSON object a line, so that text from outside cannot forge a line. Everything that is logged
 * as an object passes the redaction by name.
 */
export function createLogger(options: {
  readonly level: LogLevel;
  /** Where lines go; absent = standard error, because standard output belongs to results. */
  readonly destination?: DestinationStream;
  readonly process?: string;
}): Logger {
  return pino(
    {
      level: options.level,
      base: { process: options.process ?? 'serve', pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => redactDeep(object) as Record<string, unknown>,
      },
    },
    options.destination ?? pino.destination({ dest: 2, sync: false }),
  );
}
