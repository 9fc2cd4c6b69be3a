import { encoded, hmacSha256, joined, type Pairs, type SignedRequest, sha256, sorted } from './primitives.ts';

/** What a Huawei-compatible call is made of. */
export interface SdkHmacCall {
  readonly accessKeyId: string;
  readonly secret: string;
  /** Of a temporary key. */
  readonly securityToken?: string;
  readonly method: string;
  /** As it is called: `/v5/…`, without the query. */
  readonly path: string;
  readonly query: Pairs;
  readonly body: string;
  readonly at: Date;
  /** Headers to send and sign, `host` and `content-type` among them; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs a call with SDK-HMAC-SHA256. Secrets are used here and kept nowhere. */
export async function signSdkHmac(call: SdkHmacCall): Promise<SignedRequest> {
  const date = call.at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  const token = call.securityToken ?? '';
  const signed = sorted(
    Object.entries({
      ...call.headers,
      'x-sdk-date': date,
      ...(token === '' ? {} : { 'x-security-token': token }),
    }),
  );
  const names = signed.map(([name]) => name).join(';');
  const query = joined(sorted(call.query));
  const path = call.path
    .split('/')
    .map((segment) => encoded(decodeURIComponent(segment)))
    .join('/');
  const block = signed.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonicalRequest = [
    call.method,
    path.endsWith('/') ? path : `${path}/`,
    query,
    block,
    names,
    await sha256(call.body),
  ].join('\n');
  const stringToSign = `SDK-HMAC-SHA256\n${date}\n${await sha256(canonicalRequest)}`;
  const signature = await hmacSha256(call.secret, stringToSign);
  return {
    method: call.method,
    target: query === '' ? path : `${path}?${joined(call.query)}`,
    headers: {
      ...Object.fromEntries(signed),
      authorization: `SDK-HMAC-SHA256 Access=${call.accessKeyId}, SignedHeaders=${names}, Signature=${signature}`,
    },
    body: call.body,
    canonicalRequest,
    stringToSign,
    signature,
  };
}
