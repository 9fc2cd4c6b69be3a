import { CodedError } from '../kernel/index.ts';

/** Why a message did not arrive, beside what the way to any server can have (`HttpErrorCode`). */
export type NotifyErrorCode =
  | 'redirect_refused'
  | 'http_status'
  | 'service_refused'
  | 'rate_limited'
  | 'tls_error'
  | 'unreachable'
  | 'timeout'
  | 'mail_refused'
  | 'mail_auth'
  | 'channel_unusable';

/** A message that did not arrive. Texts name receivers by host and port only: addresses hold tokens. */
export class NotifyError extends CodedError<NotifyErrorCode> {
  readonly httpStatus: number | null;
  readonly retryAfterMs: number | null;

  constructor(
    code: NotifyErrorCode,
    message: string,
    options: {
      hint?: string;
      retryable?: boolean;
      cause?: unknown;
      httpStatus?: number;
      retryAfterMs?: number | null;
    } = {},
  ) {
    super(code, message, { retryable: true, hint: hints[code], ...options });
    this.httpStatus = options.httpStatus ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

const hints: Record<NotifyErrorCode, string> = {
  redirect_refused: 'Redirects are not followed; enter the address that the receiver redirects to.',
  http_status: 'Look into the log of the receiver.',
  service_refused: 'Compare token, secret and security settings of the robot with those of the channel.',
  rate_limited: 'The receiver takes no more messages for now; the message is sent later.',
  tls_error: 'Check the certificate of the receiver; the channel can trust an authority of its own (ca).',
  unreachable: 'Check name, port and firewall, and HTTPS_PROXY.',
  timeout: 'The receiver is too slow; it should accept a message first and work on it later.',
  mail_refused: 'Check sender and recipients; the log of the mail server says more.',
  mail_auth: 'Check user name and password of the mail server.',
  channel_unusable: 'Enter the secrets of the channel again.',
};
