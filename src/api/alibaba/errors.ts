/** What an `RpcError` says beyond status, code and message. */
export interface RpcErrorExtra {
  readonly headers?: Readonly<Record<string, string>>;
  readonly accessDenied?: Readonly<Record<string, string>>;
}

/**
 * A refusal as clients of this API read it (alibaba-protocol.md §7). The code goes over the wire and never leaves this
 * folder otherwise. The message may repeat what the caller sent, passwords included, so it is never logged.
 */
export class RpcError extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: RpcErrorExtra;

  constructor(status: number, code: string, message: string, extra: RpcErrorExtra = {}) {
    super(message);
    this.name = 'RpcError';
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

/** Codes whose status and message are always the same. */
const table = {
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  MissingAccessKeyId: [400, 'AccessKeyId is mandatory for this action.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAccessKeyId.Inactive': [400, 'Specified access key is disabled.'],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  InvalidSignatureMethod: [400, 'Specified signature method is not valid.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  MissingSecurityToken: [400, 'SecurityToken is mandatory for this action.'],
  'InvalidSecurityToken.Expired': [400, 'Specified SecurityToken is expired.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [400, 'Specified SecurityToken mismatch with the AccessKey.'],
  UnsupportedHTTPMethod: [400, 'This http method is not supported.'],
  RequestEntityTooLarge: [413, 'Specified request is too large.'],
  ServerError: [500, 'ServerError'],
  ServiceUnavailable: [503, 'The request has failed due to a temporary failure of the server.'],
} as const;

/** A refusal of the fixed part of the error table. */
export function refusal(code: keyof typeof table): RpcError {
  const [status, message] = table[code];
  return new RpcError(status, code, message);
}

/** A parameter that must be there is missing or empty. */
export function missing(name: string): RpcError {
  return new RpcError(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/** A parameter has a value that it may not have; `why` may follow for people. */
export function invalid(name: string, why?: string): RpcError {
  const text = `Specified parameter ${name} is not valid.`;
  return new RpcError(400, `Invalid${name}`, why === undefined ? text : `${text} ${why}`);
}

/** A parameter cannot even be read: twice there, an impossible name, not UTF-8. */
export function unreadable(name: string): RpcError {
  return new RpcError(400, 'InvalidParameter', `Specified parameter ${name.slice(0, 64)} is not valid.`);
}

/** The caller asks too often; clients wait so many milliseconds. */
export function throttled(waitMs: number): RpcError {
  return new RpcError(400, 'Throttling.User', 'Request was denied due to user flow control.', {
    headers: { 'x-acs-retry-after': String(Math.max(1, Math.ceil(waitMs))) },
  });
}
