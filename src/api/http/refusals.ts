import type { Refusal, RefusalAnswer, RefusalCode } from './contract.ts';

const json = 'application/json;charset=utf-8';

const titles: Readonly<Record<RefusalCode, string>> = {
  bad_request: 'The request could not be understood',
  not_found: 'Nothing is here',
  method_not_allowed: 'This method is not supported here',
  request_timeout: 'The request did not arrive in time',
  body_too_large: 'The request body is too large',
  uri_too_long: 'The request line is too long',
  headers_too_large: 'The request headers are too large',
  unsupported_media_type: 'This content type is not supported here',
  expectation_failed: 'This expectation cannot be met',
  rate_limited: 'Too many requests',
  internal: 'Something went wrong inside Drydock',
  unavailable: 'Drydock cannot answer now',
};

function retryAfter(refusal: Refusal): Record<string, string> {
  return refusal.retryAfterMs === undefined
    ? {}
    : { 'retry-after': String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000))) };
}

/** A refusal as problem details (RFC 9457): the native API and everything that belongs to no facade. */
export function problemRefusal(refusal: Refusal): RefusalAnswer {
  return {
    status: refusal.status,
    contentType: 'application/problem+json',
    headers: retryAfter(refusal),
    body: {
      type: `urn:drydock:problem:${refusal.code}`,
      title: titles[refusal.code],
      status: refusal.status,
      code: refusal.code,
      detail: refusal.detail,
      requestId: refusal.requestId,
    },
  };
}

/** Status, code and message by `alibaba-protocol.md` §7. */
const alibabaTable: Readonly<Record<RefusalCode, readonly [number, string, string]>> = {
  bad_request: [400, 'InvalidParameter', 'Specified parameter is not valid.'],
  not_found: [404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.'],
  method_not_allowed: [400, 'UnsupportedHTTPMethod', 'This http method is not supported.'],
  request_timeout: [408, 'RequestTimeout', 'The request did not arrive in time.'],
  body_too_large: [413, 'RequestEntityTooLarge', 'Specified request is too large.'],
  uri_too_long: [414, 'RequestEntityTooLarge', 'Specified request is too large.'],
  headers_too_large: [431, 'RequestEntityTooLarge', 'Specified request is too large.'],
  unsupported_media_type: [415, 'UnsupportedContentType', 'Specified content type is not supported.'],
  expectation_failed: [417, 'InvalidParameter', 'Specified expectation is not supported.'],
  rate_limited: [400, 'Throttling', 'Request was denied due to request throttling.'],
  internal: [500, 'ServerError', 'ServerError'],
  unavailable: [503, 'ServiceUnavailable', 'The request has failed due to a temporary failure of the server.'],
};

/** A refusal in the words of the Alibaba facade. */
export function alibabaRefusal(refusal: Refusal): RefusalAnswer {
  const [status, code, message] = alibabaTable[refusal.code];
  return {
    status,
    contentType: json,
    headers: {
      'x-acs-request-id': refusal.requestId,
      ...(refusal.retryAfterMs === undefined
        ? {}
        : { 'x-acs-retry-after': String(Math.max(1, Math.ceil(refusal.retryAfterMs))) }),
    },
    body: { RequestId: refusal.requestId, HostId: refusal.host, Code: code, Message: message },
  };
}

/** Status, code and message by `huawei.md` §7; these are what its gateway says. */
const huaweiTable: Readonly<Record<RefusalCode, readonly [number, string, string]>> = {
  bad_request: [400, 'APIGW.0201', 'API request error.'],
  not_found: [404, 'APIGW.0101', 'The API does not exist or has not been published in the environment.'],
  method_not_allowed: [404, 'APIGW.0101', 'The API does not exist or has not been published in the environment.'],
  request_timeout: [408, 'APIGW.0201', 'API request error.'],
  body_too_large: [413, 'APIGW.0201', 'Request entity too large.'],
  uri_too_long: [414, 'APIGW.0201', 'Request URI too large.'],
  headers_too_large: [431, 'APIGW.0201', 'Request entity too large.'],
  unsupported_media_type: [415, 'APIGW.0201', 'API request error.'],
  expectation_failed: [417, 'APIGW.0201', 'API request error.'],
  rate_limited: [429, 'APIGW.0308', 'The throttling threshold has been reached.'],
  internal: [500, 'APIGW.0601', 'Internal server error.'],
  unavailable: [503, 'APIGW.0201', 'Backend unavailable.'],
};

/** A refusal in the words of the Huawei facade. */
export function huaweiRefusal(refusal: Refusal): RefusalAnswer {
  const [status, code, message] = huaweiTable[refusal.code];
  return {
    status,
    contentType: json,
    headers: retryAfter(refusal),
    body: { error_msg: message, error_code: code, request_id: refusal.requestId },
  };
}

/**
 * A refusal that every client can read: used where the request was so broken that nobody can tell whom it was meant for.
 * The three vocabularies share no member name.
 */
export function universalRefusal(refusal: Refusal): RefusalAnswer {
  const problem = problemRefusal(refusal);
  return {
    status: refusal.status,
    contentType: json,
    headers: { ...problem.headers, 'x-acs-request-id': refusal.requestId },
    body: { ...problem.body, ...alibabaRefusal(refusal).body, ...huaweiRefusal(refusal).body },
  };
}
