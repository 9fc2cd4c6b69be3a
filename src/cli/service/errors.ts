import { CodedError } from '../../kernel/index.ts';

/** How an answer of the API that is no success is told: the server's own code stands in the message. */
export class RemoteError extends CodedError<
  'unauthorized' | 'denied' | 'not_found' | 'conflict' | 'remote_refused' | 'unavailable'
> {
  /** HTTP status; 0 when nothing answered. */
  readonly status: number;
  /** `code` of the problem document, where there is one. */
  readonly remoteCode: string | undefined;

  constructor(status: number, message: string, options: { hint?: string; remoteCode?: string; cause?: unknown } = {}) {
    super(codeOf(status), message, { ...options, retryable: status === 0 || status === 429 || status >= 500 });
    this.status = status;
    this.remoteCode = options.remoteCode;
  }
}

function codeOf(status: number): RemoteError['code'] {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'denied';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 409 || status === 412) return 'conflict';
  return status === 0 || status >= 500 ? 'unavailable' : 'remote_refused';
}
