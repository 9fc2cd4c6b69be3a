import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAuthorization, parseSdkDate } from './authorization.ts';
import { canonicalQuery, canonicalRequest, payloadHashOf, requestHash, sdkSignature } from './canonical.ts';

/** The worked vectors of huawei.md §5. */
const secret = 'SKtestExample000000000000000000000000001';
const project = '0123456789abcdef0123456789abcdef';
const vectors = [
  {
    name: 'POST as the Node SDK signs it',
    method: 'POST',
    path: `/v5/${project}/image/local-vulnerability/export`,
    query: 'export_size=1000',
    headers: {
      'content-type': 'application/json',
      host: '127.0.0.1:18080',
      region: 'cn-north-4',
      'x-project-id': project,
      'x-sdk-date': '20261120T164731Z',
    },
    body: '{"operate_all":true}',
    hash: 'ae2a8731afbd4139de3a4616e4c6486e9afecbf647b411d3a2e51ed17be23dde',
    signature: 'a358706df28538e624ef7c4712cac7840d9e4c1ff8524fb5950b58c90e178c33',
  },
  {
    name: 'POST as the Go SDK signs it, with a newline behind the body',
    method: 'POST',
    path: `/v5/${project}/image/local-vulnerability/export`,
    query: 'export_size=1000',
    headers: {
      region: 'cn-north-4',
      'user-agent':
        'huaweicloud-usdk-go/3.0; os/Debian_GNU/Linux#12_(bookworm)#amd64 go/go1.19.8; app/dadcb340-6002-4425-be53-4bc8261f140f',
      'x-project-id': project,
      'x-sdk-date': '20261120T165523Z',
    },
    body: '{"operate_all":true}\n',
    hash: '8fda9634bb2646e5e0cfc9ed778a6c6ce0180656bcc0332ba8126d67f9985bff',
    signature: '9475c63e00eb7a6e8104755b87146f53412d9300b1fafd6eb0d8872fd81eca3c',
  },
  {
    name: 'GET with an encoded query',
    method: 'GET',
    path: `/v5/${project}/image/local-repositories`,
    query: 'offset=0&limit=10&image_name=my%20app%2Bx&has_vul=true',
    headers: {
      'content-type': 'application/json',
      host: '127.0.0.1:18080',
      'x-project-id': project,
      'x-sdk-date': '20261120T164732Z',
    },
    body: '',
    hash: 'd5e6658904a2ca6e46b9fc67714d4225887022fc694234fff066c2939a8c733e',
    signature: '865c2b9087009423fc83620b087c7a6f720953bbbdfee90f5d1aafa11cf1e6e3',
  },
] as const;

for (const vector of vectors) {
  test(`worked vector: ${vector.name}`, () => {
    const headers: Readonly<Record<string, string>> = vector.headers;
    const canonical = canonicalRequest({
      ...vector,
      signedHeaders: Object.keys(headers),
      header: (name) => headers[name],
      payloadHash: payloadHashOf(Buffer.from(vector.body)),
    });
    assert.ok(canonical !== undefined);
    assert.equal(requestHash(canonical), vector.hash);
    assert.equal(sdkSignature(secret, vector.headers['x-sdk-date'], canonical), vector.signature);
  });
}

test('the canonical query sorts by name and value, and keeps empty values', () => {
  assert.equal(canonicalQuery('b=2&a=%20&b=1&c', true), 'a=%20&b=1&b=2&c=');
  assert.equal(canonicalQuery('a=x+y', true), 'a=x%20y');
  assert.equal(canonicalQuery('a=x+y', false), 'a=x%2By');
  assert.equal(canonicalQuery("a=*'()!~", true), 'a=%2A%27%28%29%21~');
});

test('a signed header that was not sent gives no canonical request', () => {
  const request = { method: 'GET', path: '/', query: '', signedHeaders: ['host'], payloadHash: '' };
  assert.equal(canonicalRequest({ ...request, header: () => undefined }), undefined);
});

test('Authorization: known schemes are read, foreign ones are not ours, broken ones are refused', () => {
  const signature = 'a'.repeat(64);
  const sdk = parseAuthorization(`SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${signature}`);
  assert.deepEqual(sdk, {
    scheme: 'SDK-HMAC-SHA256',
    accessKeyId: 'AK',
    signedHeaders: ['host', 'x-sdk-date'],
    signature,
  });
  const scope = '20261120/cn-north-4/hss';
  const v11 = parseAuthorization(
    `V11-HMAC-SHA256 Credential=AK/${scope}, SignedHeaders=x-sdk-date, Signature=${signature}`,
  );
  assert.equal(typeof v11 === 'object' && v11 !== null && v11.scheme === 'V11-HMAC-SHA256' && v11.scope, scope);
  assert.equal(parseAuthorization(`SDK-HMAC-SM3 Access=AK, SignedHeaders=host, Signature=${signature}`), null);
  assert.equal(parseAuthorization('Bearer x'), null);
  assert.equal(parseAuthorization('SDK-HMAC-SHA256 Access=AK, Signature=00'), 'malformed');
});

test('X-Sdk-Date is one exact form', () => {
  assert.equal(parseSdkDate('20261120T164731Z'), Date.UTC(2026, 10, 20, 16, 47, 31));
  for (const text of ['20261320T164731Z', '2026-11-20T16:47:31Z', '20261120T164731', '20261120T166031Z', '']) {
    assert.ok(Number.isNaN(parseSdkDate(text)), text);
  }
});
