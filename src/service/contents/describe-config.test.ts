import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageHandle } from '../../image/index.ts';
import { describeConfig, keptConfig, shownConfig } from './describe-config.ts';

// Made up, in the forms that their issuers use.
const token = `ghp_${'A1b2C3d4E5'.repeat(3)}F6g7H8`.slice(0, 40);
const password = 'Tr0ub4dor-and-3-horses';

function imageOf(config: unknown, layers = 1): Pick<ImageHandle, 'configBytes' | 'config' | 'document'> {
  const descriptor = (n: number) => ({ mediaType: 'x', digest: `sha256:${`${n}`.repeat(64)}` as const, size: 10 * n });
  const content = { config: descriptor(9), layers: Array.from({ length: layers }, (_, n) => descriptor(n + 1)) };
  return {
    configBytes: Buffer.from(JSON.stringify(config)),
    config: { diffIds: content.layers.map(({ digest }) => digest) },
    document: { content },
  } as unknown as ImageHandle;
}

test('no secret leaves in clear, whichever part of the config holds it', () => {
  const config = {
    author: `me ${token}`,
    config: {
      Env: ['PATH=/usr/bin', `DB_PASSWORD=${password}`, `TOKEN=${token}`, 'EMPTY='],
      Labels: { plain: 'text', note: `token ${token}` },
      Entrypoint: ['run', '--password', password, `--password=${password}`],
      Cmd: ['sh', '-c', `curl -H "Authorization: token ${token}"`],
      Healthcheck: { Test: ['CMD', 'check', `--token=${token}`], Interval: 30_000_000_000, Retries: 3 },
    },
    history: [
      { created: '2024-01-01T00:00:00Z', created_by: `RUN login -p ${token}`, comment: `used ${token}` },
      { created_by: `ENV DB_PASSWORD=${password}`, empty_layer: true },
    ],
  };
  const shown = describeConfig(imageOf(config));
  const text = JSON.stringify(shown);
  assert.ok(!text.includes(token), text);
  assert.ok(!text.includes(password), text);
  assert.deepEqual(shown.env[0], { name: 'PATH', value: '/usr/bin', masked: false });
  assert.deepEqual(
    shown.env.map(({ name, masked }) => [name, masked]),
    [
      ['PATH', false],
      ['DB_PASSWORD', true],
      ['TOKEN', true],
      ['EMPTY', false],
    ],
  );
  assert.deepEqual(
    shown.labels.map(({ name, masked }) => [name, masked]),
    [
      ['plain', false],
      ['note', true],
    ],
  );
  assert.deepEqual(
    shown.history.map(({ masked, layer }) => [masked, layer?.digest[7] ?? null]),
    [
      [true, '1'],
      [true, null],
    ],
  );
  assert.deepEqual(
    [shown.healthcheck?.interval, shown.healthcheck?.timeout, shown.healthcheck?.retries],
    [30e9, null, 3],
  );
  assert.deepEqual(shownConfig(keptConfig(shown)), shown);
});

test('what an older version kept in clear is masked when it is shown', () => {
  const kept = {
    ...describeConfig(imageOf({ config: { Env: ['A=b'] } })),
    env: [{ name: 'X', value: token, masked: false }],
  };
  const [value] = shownConfig({ rules: 0, config: kept }).env;
  assert.equal(value?.masked, true);
  assert.ok(!value?.value.includes(token));
});

test('odd shapes are left out, long lists and texts are cut and said to be', () => {
  const odd = describeConfig(
    imageOf({ config: { Env: 'x', Labels: [1], Cmd: [1, 'a'], ExposedPorts: null }, history: 7 }),
  );
  assert.deepEqual(
    [odd.env, odd.labels, odd.cmd, odd.exposedPorts, odd.history, odd.truncated],
    [[], [], ['a'], [], [], false],
  );
  const history = Array.from({ length: 1_200 }, () => ({ created_by: 'x' }));
  const long = describeConfig(imageOf({ history, config: { Env: [`A=${'y'.repeat(20_000)}`] } }));
  assert.deepEqual([long.history.length, long.truncated, long.env[0]?.value.length], [1_000, true, 16 * 1024 - 2]);
  assert.equal(long.history[0]?.layer, null, 'a history that does not fit the layers names none');
});
