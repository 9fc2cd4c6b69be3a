import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acs3, get, parameters, refused } from '../../../../test/support/alibaba-requests.ts';
import {
  alibabaWorld,
  bankKey,
  ownerKey,
  signed,
  stsKey,
  stsToken,
  vectorTime,
} from '../../../../test/support/alibaba-world.ts';

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
