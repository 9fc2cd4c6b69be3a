import { CodedError } from '../kernel/index.ts';

/** What is wrong with how Drydock was configured; the command line ends with exit code 2. */
export class ConfigError extends CodedError<'config_unreadable' | 'config_invalid'> {}
