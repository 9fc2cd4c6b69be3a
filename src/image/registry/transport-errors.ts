import { CodedError, messageOf } from '../../kernel/index.ts';
import { RegistryError } from './errors.ts';

const tlsCodes = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'CERT_SIGNATURE_FAILURE',
  'EPROTO',
]);

const tlsReasons: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (check the clock)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain ends in an unknown self-signed certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const malformed = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_EXCEEDED_MAX_SIZE']);

/** Whether a failed TLS handshake looks like a port that speaks plain HTTP. */
export function isPlainHttpPort(error: unknown): boolean {
  const code = codeOf(error instanceof RegistryError ? error.cause : error);
  return code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' || code === 'EPROTO';
}

/** Names a failure below HTTP: connection, TLS, time, malformed answer. Coded errors pass through. */
export function connectionError(error: unknown, host: string): CodedError {
  const coded = codedCause(error);
  if (coded) return coded;
  const code = codeOf(error);
  const options = { cause: error };
  if (timeouts.has(code)) {
    return new RegistryError('timeout', `${host} did not answer in time`, { ...options, retryable: true });
  }
  if (tlsCodes.has(code) || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL')) {
    const reason = tlsReasons[code] ?? messageOf(error).slice(0, 200);
    return new RegistryError('tls_error', `no trusted TLS connection to ${host}: ${reason}`, options);
  }
  if (malformed.has(code) || code.startsWith('HPE_')) {
    return new RegistryError('invalid_response', `${host} sent a malformed or oversized answer`, options);
  }
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') {
    return new RegistryError('invalid_request', `the content for ${host} has another size than was announced`, options);
  }
  if (code === 'ENOTFOUND') {
    return new RegistryError('unavailable', `the name ${host} does not resolve`, options);
  }
  const reason = code === '' ? messageOf(error).slice(0, 200) : code;
  return new RegistryError('unavailable', `the connection to ${host} failed: ${reason}`, {
    ...options,
    retryable: true,
  });
}

/** The system or library code of an error; of an aggregate the first one's. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return '';
}

/** One of our own errors that a library handed through, possibly as a cause. */
function codedCause(error: unknown): CodedError | undefined {
  let current = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
    if (current instanceof CodedError) return current;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}
