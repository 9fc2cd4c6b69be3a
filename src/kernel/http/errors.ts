import { CodedError } from '../errors.ts';

/** What can go wrong on the way to any server, whatever is asked of it. */
export type HttpErrorCode =
  | 'address_denied'
  | 'proxy_invalid'
  | 'proxy_refused'
  | 'proxy_unreachable'
  | 'timeout'
  | 'too_many_redirects'
  | 'untrusted_location';

/** A failed exchange below the meaning of its answer. Texts name proxies by host and port only: URLs hold passwords. */
export class HttpError extends CodedError<HttpErrorCode> {
  constructor(code: HttpErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(code, message, { ...options, hint: hints[code] });
  }
}

const hints: Record<HttpErrorCode, string> = {
  address_denied:
    'The name leads to an address that Drydock does not connect to; allow it in the configuration if it is meant.',
  proxy_invalid:
    'Write the proxy as http://host:port, in HTTPS_PROXY, HTTP_PROXY or the proxy key of the configuration.',
  proxy_refused: 'Check the user name and password in the URL of the proxy, and which hosts it lets through.',
  proxy_unreachable: 'Check HTTPS_PROXY, HTTP_PROXY or the configured proxy; NO_PROXY names hosts reached without it.',
  timeout: 'The server is too slow or stalled; check the network and repeat.',
  too_many_redirects: 'The server redirects in circles; check its storage and proxy configuration.',
  untrusted_location: 'The server redirects to a place that is not followed; configure its public address correctly.',
};
