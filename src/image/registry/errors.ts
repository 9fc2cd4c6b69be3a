import { CodedError } from '../../kernel/index.ts';

/** What can go wrong between Drydock and a registry; every error carries a hint for the user. */
export type RegistryErrorCode =
  | 'unauthorized'
  | 'denied'
  | 'not_found'
  | 'rate_limited'
  | 'unavailable'
  | 'timeout'
  | 'digest_mismatch'
  | 'untrusted_realm'
  | 'untrusted_location'
  | 'tls_error'
  | 'invalid_response'
  | 'invalid_request'
  | 'invalid_credentials'
  | 'quota'
  | 'tag_immutable'
  | 'referrers_conflict';

/** A failed exchange with a registry. `status` is the HTTP status where an answer arrived. */
export class RegistryError extends CodedError<RegistryErrorCode> {
  readonly status: number | undefined;
  /** The server's wish for the next attempt, in milliseconds, as it was sent (not yet capped). */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: {
      hint?: string;
      retryable?: boolean;
      cause?: unknown;
      status?: number;
      retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(code, message, { ...options, hint: options.hint ?? hints[code] });
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

const hints: Record<RegistryErrorCode, string> = {
  unauthorized: 'Log in to the registry (docker login or podman login), or check the stored credentials.',
  denied: 'Ask for pull and push rights on this repository; the registry knows you but refuses the operation.',
  not_found: 'Check the spelling of registry, repository and tag; some registries also answer so without rights.',
  rate_limited: 'Wait, or log in: registries grant more requests to known users.',
  unavailable: 'Check that the registry is running and reachable from this machine, then repeat.',
  timeout: 'The registry is too slow or stalled; check the network and repeat.',
  digest_mismatch:
    'The registry delivered or reported other content than was asked for; do not trust it until that is explained.',
  untrusted_realm:
    'If the token server is right, add its host to the trusted realms of this registry in the configuration.',
  untrusted_location: 'The registry sends uploads or pages to another server; configure its public address correctly.',
  tls_error: 'Configure the CA certificate of this registry, or mark this one registry as insecure.',
  invalid_response:
    'The answer is not that of a registry; check that the address is right and no login page or proxy stands before it.',
  invalid_request: 'The registry did not accept the content; see its message.',
  invalid_credentials: 'Check the credential file or credential helper of this registry.',
  quota: 'The storage quota of this project or repository is used up; free space or raise it.',
  tag_immutable: 'Choose another tag; the registry does not let this one be overwritten.',
  referrers_conflict:
    'Another tool keeps other content under the referrers tag of this image; remove it or attach elsewhere.',
};
