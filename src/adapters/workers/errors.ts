import { CodedError } from '../../kernel/index.ts';

/** A failure that another process reported; its code is whatever the failing domain said. */
export class RemoteError extends CodedError {}
