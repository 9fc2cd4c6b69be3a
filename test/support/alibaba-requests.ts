import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { acs3StringToSign, canonicalRequest, signAcs3 } from '../../src/api/alibaba/protocol/acs3.ts';
import { decodeParameters } from '../../src/api/alibaba/protocol/parameters.ts';
import { type AlibabaWorld, ownerKey, secret } from './alibaba-world.ts';

const timestamp = '2026-11-20T16:47:35Z';
let nonces = 0;

/** Parameters of signature 1.0 with everything right. */
export function parameters(over: Record<string, string | undefined> = {}): Record<string, string> {
  const all = {
    Action: 'DescribeImageStatistics',
    Version: '2018-12-03',
    AccessKeyId: ownerKey,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: `nonce ${++nonces}`,
    Timestamp: timestamp,
    ...over,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Sends a query as it is. */
export async function get(world: AlibabaWorld, query: string, headers: Record<string, string> = {}) {
  const url = `/?${query}`;
  return world.server.app.inject({ url, headers: { host: 'drydock.example:8080', ...headers } });
}

/** A request of the current scheme with everything right but `over`. */
export async function acs3(
  world: AlibabaWorld,
  over: { headers?: Record<string, string>; query?: string; body?: string; sign?: string[]; signature?: string } = {},
) {
  const body = over.body ?? '';
  const headers: Record<string, string> = {
    host: 'drydock.example:8080',
    'x-acs-action': 'DescribeImageStatistics',
    'x-acs-version': '2018-12-03',
    'x-acs-date': timestamp,
    'x-acs-signature-nonce': `acs3-${++nonces}`,
    'x-acs-content-sha256': createHash('sha256').update(body).digest('hex'),
    ...over.headers,
  };
  const list = over.sign ?? Object.keys(headers).sort();
  const { query } = decodeParameters(over.query ?? '', Buffer.alloc(0), undefined);
  const canonical = canonicalRequest(
    {
      method: 'POST',
      query,
      headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
      body: Buffer.from(body),
    },
    list,
  );
  const signature = over.signature ?? signAcs3(secret, acs3StringToSign(canonical));
  const authorization = `ACS3-HMAC-SHA256 Credential=${ownerKey},SignedHeaders=${list.join(';')},Signature=${signature}`;
  return world.server.app.inject({
    method: 'POST',
    url: `/?${over.query ?? ''}`,
    headers: { ...headers, authorization },
    payload: body,
  });
}

/** Asserts a refusal: status, code, message, and what every refusal has. */
export async function refused(
  answer: Promise<{ statusCode: number; json(): Record<string, unknown>; headers: Record<string, unknown> }>,
  status: number,
  code: string,
  message?: string | RegExp,
) {
  const { statusCode, headers, ...rest } = await answer;
  const body = rest.json();
  assert.equal(body.Code, code);
  assert.equal(statusCode, status);
  if (typeof message === 'string') assert.equal(body.Message, message);
  else if (message !== undefined) assert.match(String(body.Message), message);
  assert.match(String(body.RequestId), /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/);
  assert.equal(headers['x-acs-request-id'], body.RequestId);
  assert.equal(body.HostId, 'drydock.example:8080');
  assert.match(String(headers['content-type']), /^application\/json/);
  for (const name of ['RequestId', 'HostId', 'Code', 'Message']) assert.equal(typeof body[name], 'string');
  return body;
}
