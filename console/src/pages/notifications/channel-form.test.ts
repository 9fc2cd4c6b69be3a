import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf, formOf, isComplete, newChannelOf } from './channel-form.ts';

const channel = {
  ...{ id: 1, name: 'ops', enabled: true, events: ['fix.failed' as const], minSeverity: 'high' as const },
  ...{
    projects: null,
    repositories: ['team/*'],
    waiting: 0,
    dead: 0,
    lastDeliveredAt: null,
    createdAt: '',
    updatedAt: '',
  },
  quietHours: { zone: 'Asia/Shanghai', from: '22:00', to: '07:00', criticalBreaksThrough: true },
};
const webhook = { kind: 'webhook' as const, url: 'https://hooks.example', hasSecret: true, ca: null };

test('a change leaves addresses and secrets out that were not typed anew', () => {
  const form = formOf({ ...channel, target: webhook }, 'UTC');
  assert.deepEqual(changeOf(form).target, { kind: 'webhook', ca: null });
  assert.deepEqual(changeOf({ ...form, secret: 's'.repeat(16) }).target, {
    ...{ kind: 'webhook', ca: null, secret: 's'.repeat(16) },
  });
  assert.deepEqual(changeOf(form).quietHours, channel.quietHours);
  assert.equal(changeOf({ ...form, quiet: false }).quietHours, null);
  assert.equal(changeOf(form).projects, null);
});

test('a secret that may be absent can be taken away', () => {
  const form = formOf({ ...channel, target: { ...webhook, kind: 'feishu' } }, 'UTC');
  assert.deepEqual(changeOf({ ...form, dropSecret: true }).target, { kind: 'feishu', secret: null, ca: null });
});

test('mail goes with its server, and with a password only when there is one', () => {
  const form = {
    ...formOf(null, 'UTC'),
    ...{ kind: 'mail' as const, name: 'm', host: 'smtp.example', from: 'a@example', to: ['b@example'], port: '25' },
  };
  assert.deepEqual(newChannelOf(form).target, {
    ...{ kind: 'mail', host: 'smtp.example', security: 'starttls', from: 'a@example', to: ['b@example'], port: 25 },
    ...{ username: null, ca: null },
  });
  assert.ok(isComplete(form, true));
});

test('a webhook needs an address and a secret that is long enough', () => {
  const form = { ...formOf(null, 'UTC'), name: 'w', url: 'https://h', secret: 'short' };
  assert.equal(isComplete(form, true), false);
  assert.equal(isComplete({ ...form, secret: 'x'.repeat(16) }, true), true);
  assert.equal(isComplete({ ...form, events: [], secret: 'x'.repeat(16) }, true), false);
});
