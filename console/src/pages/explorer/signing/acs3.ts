import { encoded, hmacSha256, joined, type Pairs, type SignedRequest, sha256, sorted } from './primitives.ts';

/** Version of the Alibaba-compatible API. */
export const alibabaVersion = '2018-12-03';

/** What an Alibaba-compatible call is made of. */
export interface Acs3Call {
  readonly accessKeyId: string;
  readonly secret: string;
  /** Of a temporary key. */
  readonly securityToken?: string;
  readonly host: string;
  readonly action: string;
  readonly version?: string;
  readonly query: Pairs;
  /** Sent as a form when there is any. */
  readonly form?: Pairs;
  readonly at: Date;
  readonly nonce: string;
}

/** Signs a call with ACS3-HMAC-SHA256. Secrets are used here and kept nowhere. */
export async function signAcs3(call: Acs3Call): Promise<SignedRequest> {
  const form = call.form ?? [];
  const body = joined(form);
  const hash = await sha256(body);
  const token = call.securityToken ?? '';
  const unsorted: Record<string, string> = {
    host: call.host,
    'x-acs-action': call.action,
    'x-acs-content-sha256': hash,
    'x-acs-credentials-provider': token === '' ? 'static_ak' : 'static_sts',
    'x-acs-date': call.at.toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': call.nonce,
    'x-acs-version': call.version ?? alibabaVersion,
    ...(form.length === 0 ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(token === '' ? {} : { 'x-acs-accesskey-id': call.accessKeyId, 'x-acs-security-token': token }),
  };
  const signed = sorted(Object.entries(unsorted));
  const names = signed.map(([name]) => name).join(';');
  const query = sorted(call.query)
    .map(([name, value]) => `${name}=${encoded(value)}`)
    .join('&');
  const block = signed.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonicalRequest = `POST\n/\n${query}\n${block}\n${names}\n${hash}`;
  const stringToSign = `ACS3-HMAC-SHA256\n${await sha256(canonicalRequest)}`;
  const signature = await hmacSha256(call.secret, stringToSign);
  return {
    method: 'POST',
    target: query === '' ? '/' : `/?${query}`,
    headers: {
      ...Object.fromEntries(signed),
      authorization: `ACS3-HMAC-SHA256 Credential=${call.accessKeyId},SignedHeaders=${names},Signature=${signature}`,
    },
    body,
    canonicalRequest,
    stringToSign,
    signature,
  };
}
