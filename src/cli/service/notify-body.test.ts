import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChannelOptions, channelBody } from './notify-body.ts';

const files: Readonly<Record<string, string>> = {
  url: 'https://hooks.example/t\n',
  secret: 's'.repeat(20),
  pw: 'p\r\n',
};
const standard: ChannelOptions = { kind: 'slack', event: ['scan.failed'], security: 'starttls', minSeverity: 'high' };

function body(over: Partial<ChannelOptions>) {
  const readText = async (path: string): Promise<string> => files[path] ?? assert.fail(path);
  return channelBody('ops', { ...standard, ...over }, readText, async () => ['scan.failed', 'fix.failed']);
}

test('secrets are read from files, without the line break at their end', async () => {
  assert.deepEqual(await body({ kind: 'webhook', urlFile: 'url', secretFile: 'secret' }), {
    ...{ name: 'ops', minSeverity: 'high', events: ['scan.failed'] },
    target: { kind: 'webhook', url: 'https://hooks.example/t', secret: 's'.repeat(20) },
  });
  const mail = {
    kind: 'mail',
    smtp: 'mail.example:25',
    from: 'd@mail.example',
    to: ['o@mail.example'],
    passwordFile: 'pw',
  };
  assert.deepEqual((await body({ ...mail, username: 'u' })).target, {
    ...{ kind: 'mail', host: 'mail.example', port: 25, security: 'starttls', username: 'u', password: 'p' },
    ...{ from: 'd@mail.example', to: ['o@mail.example'] },
  });
  assert.deepEqual((await body({ ...mail, smtp: '[::1]:2525' })).target.host, '::1');
});

test('all events, projects and hours', async () => {
  const made = await body({
    urlFile: 'url',
    event: ['all'],
    project: ['3'],
    quiet: 'UTC,22:00,07:00',
    quietExceptCritical: true,
  });
  assert.deepEqual([made.events, made.projects], [['scan.failed', 'fix.failed'], [3]]);
  assert.deepEqual(made.quietHours, { zone: 'UTC', from: '22:00', to: '07:00', criticalBreaksThrough: true });
});

test('what is missing or wrong is said before anything is asked', async () => {
  for (const over of [
    {},
    { kind: 'mail', smtp: 'a' },
    { urlFile: 'url', project: ['x'] },
    { urlFile: 'url', quiet: 'UTC' },
  ]) {
    await assert.rejects(body(over), { code: 'invalid_usage' });
  }
});
