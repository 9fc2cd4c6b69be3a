import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../secrets/secret.ts';
import { hashAudit, pendingAudit } from './chain.ts';
import { redact } from './redact.ts';

const canary = 'CANARY-5f1d';

test('no kind of secret passes', () => {
  const detail = {
    password: canary,
    Passwd: canary,
    new_password: { value: canary },
    clientSecret: canary,
    accessToken: [canary],
    Authorization: `Bearer ${canary}`,
    'x-acs-security-token': canary,
    apiKey: canary,
    private_key: canary,
    Cookie: `drydock_session=${canary}`,
    note: `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`,
    cut: `-----BEGIN RSA PRIVATE KEY-----\n${canary}`,
    url: `https://robot:${canary}@registry.example.com/v2/`,
    header: `Basic ${canary}`,
    signature: `SDK-HMAC-SHA256 Access=AK, SignedHeaders=a;b, Signature=${canary}`,
    value: new Secret(canary),
    nested: [{ deeper: { token: canary, list: [new Secret(canary)] } }],
    robot: `ddt_r_${'a'.repeat(43)}`,
    bytes: Buffer.from(canary),
  };
  const text = JSON.stringify(redact(detail));
  assert.ok(!text.includes(canary), text);
  assert.ok(!text.includes('aaaaaaaa'), text);
  assert.ok(text.includes('registry.example.com'));
});

test('what is no secret stays', () => {
  const detail = { name: 'Payments', hasPassword: true, tokens: 3, accessKeyId: 'DKABC', projects: 'all', old: null };
  assert.deepEqual(redact(detail), detail);
});

test('size and depth are bounded', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = { deep };
  const huge = { deep, list: Array.from({ length: 100_000 }, (_, i) => i), text: 'x'.repeat(10_000_000) };
  assert.ok(JSON.stringify(redact(huge)).length < 20_000);
  const started = performance.now();
  redact('-----BEGIN A-----'.repeat(100_000));
  redact('Basic '.repeat(100_000));
  assert.ok(performance.now() - started < 1_000);
});

test('an entry cannot forge lines or break encodings', () => {
  const actor = { name: 'a\n{"level":50}\u2028', userId: 1, accessKeyId: null, address: null, requestId: '\ud800' };
  const row = pendingAudit({ actor, action: 'x\0', object: 'o'.repeat(9_999), projectId: null, detail: {} }, 5);
  assert.ok(!/[\n\0\u2028]/.test(row.actor + row.action));
  assert.ok(row.object.length <= 512);
  assert.equal(row.requestId, '\ufffd');
});

test('the hash is SHA-256 over the former hash and the columns as JSON', () => {
  const row = {
    seq: 2,
    at: 1795910400000,
    actor: 'alice',
    userId: 7,
    accessKeyId: null,
    address: '192.0.2.1',
    requestId: 'r',
    action: 'registry.add',
    object: 'registry:12',
    projectId: 1,
    detail: '{"name":"ü"}',
    prevHash: Buffer.alloc(32, 0xab),
  };
  // python3 -c 'import hashlib,json; print(hashlib.sha256(b"\xab"*32 + json.dumps([2,1795910400000,"alice",7,None,"192.0.2.1","r",
  //   "registry.add","registry:12",1,"{\"name\":\"ü\"}"],ensure_ascii=False,separators=(",",":")).encode()).hexdigest())'
  assert.equal(
    Buffer.from(hashAudit(row)).toString('hex'),
    '9f0372b231a66bd595b31984c5e6890ca7b1943d92f110a69e3c1e72642bd62a',
  );
});
