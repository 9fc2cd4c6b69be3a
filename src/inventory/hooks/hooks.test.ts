import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { isAuthentic } from './authenticate.ts';
import { parseEvents } from './events.ts';

const now = Date.UTC(2026, 10, 29, 12);
const body = Buffer.from('{"events":[]}');

test('the secret comes as bearer, bare, or as a fresh signature', () => {
  const ok = (headers: Record<string, string>): boolean => isAuthentic(headers, body, 's3cret', now);
  assert.ok(ok({ authorization: 'Bearer s3cret' }));
  assert.ok(ok({ authorization: 's3cret' }));
  assert.ok(!ok({}));
  assert.ok(!ok({ authorization: '' }));
  assert.ok(!ok({ authorization: 'Bearer s3cre' }));
  const sign = (time: number, bytes: Buffer = body, secret = 's3cret'): string => {
    const t = Math.floor(time / 1000);
    const hex = createHmac('sha256', secret)
      .update(Buffer.concat([Buffer.from(`${t}.`), bytes]))
      .digest('hex');
    return `t=${t},v1=${hex}`;
  };
  assert.ok(ok({ 'x-drydock-signature': sign(now) }));
  assert.ok(!ok({ 'x-drydock-signature': sign(now - 16 * 60_000) }));
  assert.ok(!ok({ 'x-drydock-signature': sign(now, Buffer.from('other')) }));
  assert.ok(!ok({ 'x-drydock-signature': sign(now, body, 'other') }));
  // A bad signature is not rescued by a header that anybody can repeat.
  assert.ok(!ok({ 'x-drydock-signature': 'nonsense', authorization: 'Bearer s3cret' }));
});

test('an empty secret lets nobody in', () => {
  assert.ok(!isAuthentic({ authorization: 'Bearer ' }, body, '', now));
});

test('distribution notifications give the repositories that were written', () => {
  const event = (action: string, repository: unknown, id = 'e1') => ({
    id,
    timestamp: '2026-11-29T12:00:00.5Z',
    action,
    target: { repository, digest: 'sha256:00', tag: 'v1' },
    actor: { name: 'jane\u001b[31m' },
  });
  const events = parseEvents(
    Buffer.from(
      JSON.stringify({
        events: [event('push', 'team/app'), event('pull', 'team/other'), event('push', '../etc'), event('delete', 'x')],
      }),
    ),
  );
  assert.deepEqual(
    events?.map(({ path, actor, at }) => ({ path, actor, at })),
    [
      { path: 'team/app', actor: 'jane[31m', at: now + 500 },
      { path: 'x', actor: 'jane[31m', at: now + 500 },
    ],
  );
});

test('Harbor notifications in both of its forms', () => {
  const repository = { name: 'app', namespace: 'team', repo_full_name: 'team/app', repo_type: 'private' };
  const old = {
    type: 'PUSH_ARTIFACT',
    occur_at: now / 1000,
    operator: 'admin',
    event_data: { resources: [], repository },
  };
  const cloud = {
    specversion: '1.0',
    type: 'harbor.artifact.pushed',
    time: '2026-11-29T12:00:00Z',
    data: { repository },
  };
  for (const document of [old, cloud]) {
    const [event] = parseEvents(Buffer.from(JSON.stringify(document))) ?? [];
    assert.equal(event?.path, 'team/app');
    assert.equal(event?.at, now);
  }
  const pulled = { ...old, type: 'PULL_ARTIFACT' };
  assert.deepEqual(parseEvents(Buffer.from(JSON.stringify(pulled))), []);
});

test('anything else is no notification', () => {
  for (const text of ['', 'null', '[]', '{}', 'x', '['.repeat(100)])
    assert.equal(parseEvents(Buffer.from(text)), undefined);
});
