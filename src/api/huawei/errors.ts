/** An answer that refuses, in one of the three shapes of the vendor (huawei.md §7). */
export class HuaweiRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly kind: 'gateway' | 'service' | 'iam';

  constructor(kind: HuaweiRefusal['kind'], status: number, code: string, message: string) {
    super(message);
    this.name = 'HuaweiRefusal';
    this.kind = kind;
    this.status = status;
    this.code = code;
  }

  body(requestId: string): Readonly<Record<string, string>> {
    if (this.kind === 'gateway') return { error_msg: this.message, error_code: this.code, request_id: requestId };
    if (this.kind === 'iam') return { error_code: this.code, error_msg: this.message };
    return { error_code: this.code, error_msg: this.message, error_description: this.message };
  }
}

const serviceMessages = {
  'HSS.0001': 'Invalid parameter.',
  'HSS.0002': 'Failed to parse the request.',
  'HSS.0011': 'Requested resource not found.',
  'HSS.0013': 'Insufficient permissions.',
  'HSS.1002': 'Available quotas are insufficient.',
  'HSS.1018': 'Invalid file information.',
} as const;

/** Codes of the service that Drydock gives. */
export type ServiceCode = keyof typeof serviceMessages;

/** A refusal of the service: always status 400. `detail` names what is wrong, where that says nothing of other projects. */
export function serviceRefusal(code: ServiceCode, detail?: string): HuaweiRefusal {
  const message = serviceMessages[code];
  return new HuaweiRefusal('service', 400, code, detail === undefined ? message : `${message} ${detail}`);
}

/** 400 `HSS.0001` that names the parameter. */
export function invalidParameter(name: string): HuaweiRefusal {
  return serviceRefusal('HSS.0001', `Check ${name}.`);
}

const prefix = 'Incorrect IAM authentication information:';

/** 401 of the gateway: who is asking could not be established. */
export function unauthenticated(why: string): HuaweiRefusal {
  return new HuaweiRefusal('gateway', 401, 'APIGW.0301', `${prefix} ${why}`);
}

/** 403 of the gateway. */
export function unauthorized(): HuaweiRefusal {
  return new HuaweiRefusal('gateway', 403, 'APIGW.0302', 'The IAM user is not authorized to access the API.');
}

/** 404 of the gateway: no such path or method. */
export function unknownApi(): HuaweiRefusal {
  const message = 'The API does not exist or has not been published in the environment.';
  return new HuaweiRefusal('gateway', 404, 'APIGW.0101', message);
}

/** 429 of the gateway. */
export function throttled(): HuaweiRefusal {
  return new HuaweiRefusal('gateway', 429, 'APIGW.0308', 'The throttling threshold has been reached.');
}

/** 400, 413 of the gateway. */
export function badRequest(status: 400 | 413 | 415): HuaweiRefusal {
  const message = status === 413 ? 'Request entity too large.' : 'API request error.';
  return new HuaweiRefusal('gateway', status, 'APIGW.0201', message);
}

/** Refusals of the token interface. */
export const iamRefusals = {
  invalidBody: () => new HuaweiRefusal('iam', 400, 'IAM.0011', 'Request body is invalid.'),
  missing: (key: string) => new HuaweiRefusal('iam', 400, 'IAM.0072', `'${key}' is a required property.`),
  locked: () => new HuaweiRefusal('iam', 401, 'IAM.0061', 'Account locked.'),
  // A wrong user and a wrong password are one answer.
  incorrect: () => new HuaweiRefusal('iam', 401, 'IAM.0062', 'Incorrect password.'),
  forbidden: () => new HuaweiRefusal('iam', 403, 'IAM.0002', 'You are not authorized to perform the requested action.'),
  notFound: () => new HuaweiRefusal('iam', 404, 'IAM.0004', 'Could not find the requested resource.'),
} as const;
