import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRateLimiter } from './rate-limit.ts';
import { redactDeep, redactedTarget } from './redact.ts';

test('values of sensitive parameters, documents and long texts never stand in a logged target', () => {
  const canary = 'c4nary';
  for (const target of [
    `/?Password=${canary}`,
    `/?SecurityToken=${canary}&Signature=${canary}&SignatureNonce=${canary}&AccessKeyId=${canary}`,
    `/v3/auth?x-auth-token=${canary}`,
    `/?Params=%7B%22password%22%3A%22${canary}%22%7D`,
    `/?q=${canary.repeat(20)}`,
    `/?a=${canary}%0a{"level":"info"}`,
    `/?${canary}%22=1`,
  ]) {
    assert.doesNotMatch(redactedTarget(target), new RegExp(canary), target);
  }
  assert.equal(
    redactedTarget('/?Action=DescribeImageInfoList&PageSize=20'),
    '/?Action=DescribeImageInfoList&PageSize=20',
  );
});

test('whatever a target holds, its log text is one line of bounded length', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
      const text = redactedTarget(`${path}?${query}`);
      return text.length < 12_000 && !/[\r\n]/.test(JSON.stringify(text));
    }),
  );
});

test('objects are redacted by the names of their members, however deep, and errors keep what helps', () => {
  const inner = Object.assign(new Error('inner'), { code: 'E1' });
  const logged = redactDeep({
    headers: { authorization: 'a', 'x-auth-token': 'b', 'x-acs-signature-nonce': 'c', cookie: 'd', host: 'h' },
    nested: [{ password: 'p', secretKey: { text: 's' }, hasPassword: true, apiKey: null }],
    err: new Error('outer', { cause: inner }),
  }) as { headers: object; nested: object[]; err: { message: string; cause: { code: string } } };
  assert.deepEqual(logged.headers, {
    authorization: '[redacted]',
    'x-auth-token': '[redacted]',
    'x-acs-signature-nonce': '[redacted]',
    cookie: '[redacted]',
    host: 'h',
  });
  assert.deepEqual(logged.nested, [
    { password: '[redacted]', secretKey: '[redacted]', hasPassword: true, apiKey: null },
  ]);
  assert.deepEqual([logged.err.message, logged.err.cause.code], ['outer', 'E1']);
});

test('a bucket gives its burst, then one request for each interval, and never more', () => {
  const limiter = createRateLimiter(10, 3);
  assert.deepEqual([limiter.take('a', 0), limiter.take('a', 0), limiter.take('a', 0)], [0, 0, 0]);
  assert.equal(limiter.take('a', 0), 100);
  assert.equal(limiter.take('a', 50), 50);
  assert.equal(limiter.take('a', 100), 0);
  assert.equal(limiter.take('b', 100), 0);
  assert.equal(createRateLimiter(0, 0).take('a', 0), 0);
});
