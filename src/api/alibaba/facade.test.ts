import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  type AlibabaWorld,
  alibabaWorld,
  bankKey,
  ownerKey,
  readerKey,
  secret,
  signed,
  stsKey,
  stsToken,
  vectorTime,
} from '../../../test/support/alibaba-world.ts';
import { acs3StringToSign, canonicalRequest, signAcs3 } from './protocol/acs3.ts';
import { decodeParameters } from './protocol/parameters.ts';

const timestamp = '2026-11-20T16:47:35Z';
let nonces = 0;

/** Parameters of signature 1.0 with everything right. */
function parameters(over: Record<string, string | undefined> = {}): Record<string, string> {
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

async function get(world: AlibabaWorld, query: string, headers: Record<string, string> = {}) {
  const url = `/?${query}`;
  return world.server.app.inject({ url, headers: { host: 'drydock.example:8080', ...headers } });
}

/** A request of the current scheme with everything right but `over`. */
async function acs3(
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

async function refused(
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

test('both schemes answer, with the headers that clients look at', async (t) => {
  const world = await alibabaWorld(t);
  for (const answer of [await get(world, signed(parameters())), await acs3(world)]) {
    assert.equal(answer.statusCode, 200);
    const { RequestId, ...rest } = answer.json();
    assert.deepEqual(rest, { InstanceCount: 5, RiskInstanceCount: 4 });
    assert.equal(answer.headers['x-acs-request-id'], RequestId);
    assert.match(String(answer.headers['x-acs-trace-id']), /^[0-9a-f]{32}$/);
    assert.equal(answer.headers['keep-alive'], 'timeout=25');
    assert.equal(answer.headers['content-type'], 'application/json;charset=utf-8');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  }
});

test('action and version: present, parameter before header, known', async (t) => {
  const world = await alibabaWorld(t);
  const sign = (over: Record<string, string | undefined>) => get(world, signed(parameters(over)));
  await refused(sign({ Action: '' }), 400, 'MissingAction', 'Action is mandatory for this action.');
  await refused(sign({ Version: undefined }), 400, 'MissingVersion', 'Version is mandatory for this action.');
  await refused(sign({ Version: '2014-05-26' }), 400, 'InvalidVersion', 'Specified parameter Version is not valid.');
  const notFound = 'Specified api is not found, please check your url and method.';
  await refused(sign({ Action: 'DescribeNothing' }), 404, 'InvalidAction.NotFound', notFound);
  await refused(sign({ Action: 'describeImageStatistics' }), 404, 'InvalidAction.NotFound');
  await refused(sign({ Action: 'constructor' }), 404, 'InvalidAction.NotFound');
  await refused(sign({ Action: 'DescribeGroupedVul' }), 404, 'InvalidAction.NotFound');
  // Headers are not signed by signature 1.0 and do not count there.
  const header = { 'x-acs-action': 'DescribeImageStatistics', 'x-acs-version': '2018-12-03' };
  await refused(get(world, signed(parameters({ Action: undefined })), header), 400, 'MissingAction');
  const mixed = await acs3(world, {
    headers: { 'x-acs-action': 'nothing' },
    query: 'Action=DescribeCountScannedImage',
  });
  assert.equal(mixed.json().ScannedCount, 4);
  const none = world.server.app.inject({ method: 'POST', url: '/', headers: { host: 'drydock.example:8080' } });
  await refused(none, 400, 'MissingAction');
});

test('credentials: present, known, active', async (t) => {
  const world = await alibabaWorld(t);
  const mandatory = 'AccessKeyId is mandatory for this action.';
  await refused(get(world, 'Action=DescribeImageStatistics&Version=2018-12-03'), 400, 'MissingAccessKeyId', mandatory);
  await refused(get(world, signed(parameters({ AccessKeyId: '' }))), 400, 'MissingAccessKeyId');
  const bearer = {
    'x-acs-action': 'DescribeImageStatistics',
    'x-acs-version': '2018-12-03',
    'x-acs-bearer-token': 'x',
  };
  await refused(get(world, 'SignatureType=BEARERTOKEN', bearer), 400, 'MissingAccessKeyId');
  await refused(
    get(world, signed(parameters({ AccessKeyId: 'nobody' }))),
    404,
    'InvalidAccessKeyId.NotFound',
    'Specified access key is not found.',
  );
  const key = world.access.keys.get(bankKey);
  assert.ok(key !== undefined);
  world.access.keys.set(bankKey, { ...key, active: false });
  await refused(
    get(world, signed(parameters({ AccessKeyId: bankKey }))),
    400,
    'InvalidAccessKeyId.Inactive',
    'Specified access key is disabled.',
  );
});

test('signature 1.0: what is missing or wrong', async (t) => {
  const world = await alibabaWorld(t);
  const sign = (over: Record<string, string | undefined>) => get(world, signed(parameters(over)));
  await refused(sign({ Timestamp: undefined }), 400, 'MissingTimestamp');
  await refused(sign({ SignatureNonce: undefined }), 400, 'MissingSignatureNonce');
  await refused(sign({ SignatureNonce: 'é' }), 400, 'InvalidSignatureNonce');
  await refused(sign({ SignatureNonce: 'n'.repeat(129) }), 400, 'InvalidSignatureNonce');
  await refused(
    sign({ SignatureMethod: 'HMAC-SHA256' }),
    400,
    'InvalidSignatureMethod',
    'Specified signature method is not valid.',
  );
  await refused(sign({ SignatureVersion: '2.0' }), 400, 'InvalidSignatureVersion');
  const unsigned = String(new URLSearchParams(parameters()));
  await refused(
    get(world, unsigned),
    400,
    'IncompleteSignature',
    'The request signature does not conform to Aliyun standards.',
  );
  const body = await refused(get(world, `${unsigned}&Signature=wrong`), 400, 'SignatureDoesNotMatch');
  const [head, ...text] = String(body.Message).split(':');
  assert.equal(head, 'Specified signature is not matched with our calculation. server string to sign is');
  // The legacy Python client compares all behind the first colon with its own string to sign.
  assert.match(text.join(':'), /^GET&%2F&AccessKeyId%3DLTAI5tExampleAccessKeyId%26Action%3DDescribeImageStatistics%26/);
  const asPost = world.server.app.inject({
    method: 'POST',
    url: `/?${signed(parameters(), 'GET')}`,
    headers: { host: 'drydock.example:8080' },
  });
  await refused(asPost, 400, 'SignatureDoesNotMatch');
});

test('the current scheme: what is missing or wrong', async (t) => {
  const world = await alibabaWorld(t);
  const body = await refused(
    acs3(world, { signature: '0'.repeat(64) }),
    400,
    'SignatureDoesNotMatch',
    /^Specified signature does not match our calculation\. server StringToSign is \[ACS3-HMAC-SHA256\n[0-9a-f]{64}\] server CanonicalRequest is \[POST\n\/\n/,
  );
  assert.doesNotMatch(String(body.Message), /Signature=/);
  await refused(acs3(world, { signature: 'nonsense' }), 400, 'IncompleteSignature');
  await refused(acs3(world, { sign: ['host', 'x-acs-action'] }), 400, 'IncompleteSignature');
  const hash = { 'x-acs-content-sha256': '0'.repeat(64) };
  await refused(acs3(world, { headers: hash }), 400, 'SignatureDoesNotMatch');
  await refused(acs3(world, { headers: { 'x-acs-date': '2026-11-20' } }), 400, 'InvalidTimeStamp.Format');
  await refused(acs3(world, { headers: { 'x-acs-signature-nonce': '' } }), 400, 'MissingSignatureNonce');
  await refused(
    acs3(world, { headers: { 'x-acs-accesskey-id': 'other' } }),
    400,
    'InvalidSecurityToken.MismatchWithAccessKey',
  );
});

test('time is checked before the key, a nonce after the signature', async (t) => {
  const world = await alibabaWorld(t);
  const stale = { Timestamp: '2026-11-20T16:30:00Z', AccessKeyId: 'nobody' };
  await refused(
    get(world, signed(parameters(stale))),
    400,
    'InvalidTimeStamp.Expired',
    'Specified time stamp or date value is expired.',
  );
  await refused(
    get(world, signed(parameters({ Timestamp: 'yesterday' }))),
    400,
    'InvalidTimeStamp.Format',
    'Specified time stamp or date value is not well formatted.',
  );
  // A stranger cannot use up a nonce; its owner can, once, whatever becomes of the request.
  const wrong = String(new URLSearchParams({ ...parameters({ SignatureNonce: 'once' }), Signature: 'wrong' }));
  await refused(get(world, wrong), 400, 'SignatureDoesNotMatch');
  const right = signed(parameters({ SignatureNonce: 'once', Action: 'DescribeNothing' }));
  await refused(get(world, right), 404, 'InvalidAction.NotFound');
  await refused(get(world, right), 400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
  const other = await get(world, signed(parameters({ SignatureNonce: 'once', AccessKeyId: bankKey })));
  assert.equal(other.statusCode, 200, 'nonces are unique for each key');
});

test('temporary keys need their own token', async (t) => {
  const world = await alibabaWorld(t);
  const ask = (over: Record<string, string | undefined>) =>
    get(world, signed(parameters({ AccessKeyId: stsKey, ...over })));
  assert.equal((await ask({ SecurityToken: stsToken })).statusCode, 200);
  await refused(ask({}), 400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.');
  await refused(
    ask({ SecurityToken: 'a b' }),
    400,
    'InvalidSecurityToken.Malformed',
    'Specified SecurityToken is malformed.',
  );
  const mismatch = 'Specified SecurityToken mismatch with the AccessKey.';
  await refused(ask({ SecurityToken: 'other' }), 400, 'InvalidSecurityToken.MismatchWithAccessKey', mismatch);
  await refused(
    ask({ AccessKeyId: ownerKey, SecurityToken: stsToken }),
    400,
    'InvalidSecurityToken.MismatchWithAccessKey',
  );
  world.at(vectorTime + 3_600_000);
  const late = { SecurityToken: stsToken, Timestamp: '2026-11-20T17:47:35Z' };
  await refused(ask(late), 400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
});

test('permission is decided before parameters are read, and says why', async (t) => {
  const world = await alibabaWorld(t);
  const denied = await world.ask('OperateImageVul', { Info: 'nonsense' }, readerKey);
  assert.equal(denied.status, 403);
  assert.equal(denied.body.Code, 'NoPermission');
  assert.equal(denied.body.Message, 'caller has no permission');
  assert.deepEqual(denied.body.AccessDeniedDetail, {
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    AuthAction: 'yundun-sas:OperateImageVul',
    NoPermissionType: 'ImplicitDeny',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalOwnerId: '1000',
    AuthPrincipalDisplayName: 'reader',
    EncodedDiagnosticMessage: '',
  });
  const explicit = await world.ask('DescribeTaskErrorLog', {}, readerKey);
  assert.equal(explicit.body.AccessDeniedDetail.NoPermissionType, 'ExplicitDeny');
  const allowed = await world.ask('OperateImageVul', { Info: 'nonsense' });
  assert.equal(allowed.body.Code, 'InvalidInfo');
  assert.equal(allowed.body.AccessDeniedDetail, undefined);
});

test('throttling and lock-out tell how long to wait', async (t) => {
  const world = await alibabaWorld(t);
  world.access.throttleMs = 1500.2;
  const busy = await world.ask('DescribeImageStatistics');
  assert.deepEqual([busy.status, busy.body.Code, busy.headers['x-acs-retry-after']], [400, 'Throttling.User', '1501']);
  assert.equal(busy.body.Message, 'Request was denied due to user flow control.');
  world.access.throttleMs = 0;
  world.access.lockedMs = 60_000;
  const locked = await world.ask('DescribeImageStatistics');
  assert.deepEqual([locked.body.Code, locked.headers['x-acs-retry-after']], ['Throttling.User', '60000']);
});

test('failed signatures count towards the lock-out, replays do not', async (t) => {
  const world = await alibabaWorld(t);
  await get(world, String(new URLSearchParams({ ...parameters(), Signature: 'wrong' })));
  const query = signed(parameters());
  await get(world, query);
  await get(world, query);
  assert.deepEqual(
    world.access.reports.map(({ success }) => success),
    [false, true],
  );
});

test('other methods, large bodies and failures answer as JSON that every client understands', async (t) => {
  const world = await alibabaWorld(t, {
    override: ({ services }) => ({
      images: {
        ...services.images,
        statistics: async () => {
          throw new Error('a secret detail');
        },
      },
    }),
  });
  const host = { host: 'drydock.example:8080' };
  const { app } = world.server;
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
    await refused(app.inject({ method, url: '/', headers: host }), 400, 'UnsupportedHTTPMethod');
  }
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const large = app.inject({
    method: 'POST',
    url: '/',
    headers: { ...host, ...type },
    payload: 'A='.padEnd(2 ** 21 + 1),
  });
  await refused(large, 413, 'RequestEntityTooLarge');
  const failed = await world.ask('DescribeImageStatistics');
  assert.deepEqual([failed.status, failed.body.Code, failed.body.Message], [500, 'ServerError', 'ServerError']);
  const log = world.logs.join('');
  assert.match(log, /a secret detail/);
  assert.ok(log.includes(failed.body.RequestId));
});

test('neither passwords nor signatures reach the log', async (t) => {
  const world = await alibabaWorld(t);
  const query = {
    ...parameters({ Action: 'AddPrivateRegistry', Password: 'hunter2hunter2' }),
    Signature: 'c2VjcmV0c2VjcmV0',
  };
  const answer = await get(world, String(new URLSearchParams(query)));
  assert.match(answer.json().Message, /hunter2hunter2/, 'the caller sees what the server signed');
  assert.doesNotMatch(world.logs.join(''), /hunter2|c2VjcmV0/);
});
