import { CodedError, messageOf } from '../kernel/index.ts';
import { NotifyError } from './errors.ts';

const timeouts = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
]);

const certificates =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|INVALID_(CA|PURPOSE)|ERR_TLS|ERR_SSL|EPROTO|ETLS)/;

/** Names a failure below the meaning of an answer; our own errors, also those inside of a library's, pass through. */
export function connectionFailure(error: unknown, host: string): CodedError {
  const coded = codedCause(error);
  if (coded !== undefined) return coded;
  const code = codeOf(error);
  const options = { cause: error };
  if (timeouts.has(code) || (error instanceof Error && error.name === 'TimeoutError')) {
    return new NotifyError('timeout', `${host} did not answer in time`, options);
  }
  if (certificates.test(code)) {
    return new NotifyError('tls_error', `no trusted TLS connection to ${host}: ${code}`, options);
  }
  if (code === 'ENOTFOUND') return new NotifyError('unreachable', `the name ${host} does not resolve`, options);
  // A code names no address; the message of a library might.
  return new NotifyError('unreachable', `the connection to ${host} failed${code === '' ? '' : `: ${code}`}`, options);
}

/** The system or library code of an error; of an aggregate the first one's. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  // The library for mail puts a code of its own over that of the system.
  if ('originalCode' in error && typeof error.originalCode === 'string') return error.originalCode;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error ? codeOf(error.cause) : '';
}

function codedCause(error: unknown): CodedError | undefined {
  let current = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
    if (current instanceof CodedError) return current;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}

/** What a receiver said, without whatever of it is a secret of the channel: some repeat the request in their answer. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, '…'), text);
}

/** The sentence of an error, for those that nobody foresaw: only its class and code are certain to hold no secret. */
export function unforeseen(error: unknown): string {
  return error instanceof CodedError ? messageOf(error) : 'the message could not be made or sent';
}
