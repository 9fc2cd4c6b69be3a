import { CodedError } from '../../kernel/index.ts';

/** Why the server could not start. */
export type ServerStartErrorCode = 'certificate_unreadable' | 'listen_failed' | 'console_unreadable';

/** The HTTP server could not start with these settings. */
export class ServerStartError extends CodedError<ServerStartErrorCode> {}
