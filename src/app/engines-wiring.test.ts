import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClamd } from '../../test/support/fake-clamd.ts';
import { ruleWorld } from '../../test/support/rule-world.ts';
import { openEngines } from './engines-wiring.ts';

test('no engine unless the settings name one; the variable wins over the file', async (t) => {
  const { service } = ruleWorld(t);
  const open = (env: NodeJS.ProcessEnv, engines?: object) =>
    openEngines({ env, config: { engines } }, service.rules).engines;
  assert.deepEqual(open({}), []);
  assert.deepEqual(
    open({}, { clamd: { address: 'tcp://127.0.0.1:3310' }, yaraX: true }).map(({ id }) => id),
    ['clamd', 'yara-x'],
  );
  const daemon = await fakeClamd(t, { version: 'ClamAV 1.4.6/27500/Sun Jun  7 08:12:11 2026' });
  const config = { clamd: { address: 'unix:/nowhere', maxFileBytes: 77, maxAgeDays: 30 } };
  await using engine = open({ DRYDOCK_CLAMD: daemon.address }, config)[0];
  const signal = AbortSignal.timeout(10_000);
  assert.equal(await engine?.version(signal), 'ClamAV 1.4.6 27500 2026-06-07 up to 77');
  assert.equal(engine?.concern?.(new Date('2026-07-01T00:00:00Z')), null);
  assert.equal(engine?.concern?.(new Date('2026-08-01T00:00:00Z'))?.code, 'engine_stale');
});

for (const address of [
  'clamd',
  'http://127.0.0.1:3310',
  'tcp://127.0.0.1',
  'tcp://127.0.0.1:99999',
  'unix:relative',
  'tcp://a b:1',
]) {
  test(`${address} is no address of an engine`, async (t) => {
    const { service } = ruleWorld(t);
    const settings = { env: { DRYDOCK_CLAMD: address }, config: {} };
    assert.throws(() => openEngines(settings, service.rules), { code: 'engine_address_invalid' });
  });
}

test('only this machine and private networks are talked to, unless a network is listed', async (t) => {
  const { service } = ruleWorld(t);
  const version = (address: string, allow: readonly string[] = []) => {
    const settings = { env: {}, config: { engines: { clamd: { address, allow: [...allow] } } } };
    const [engine] = openEngines(settings, service.rules).engines;
    return engine?.version(AbortSignal.timeout(10_000));
  };
  // Addresses for documentation (RFC 5737), of cloud metadata, and link-local ones.
  for (const address of [
    'tcp://192.0.2.1:3310',
    'tcp://169.254.169.254:3310',
    'tcp://[fe80::1]:3310',
    'tcp://[::ffff:192.0.2.1]:1',
  ]) {
    await assert.rejects(async () => version(address), { code: 'address_denied' }, address);
  }
  await assert.rejects(async () => version('tcp://192.0.2.1:3310', ['192.0.3.0/24']), { code: 'address_denied' });
  // Nobody listens on port 1 of this machine: it was allowed to ask.
  await assert.rejects(async () => version('tcp://127.0.0.1:1'), { code: 'engine_unreachable' });
  await assert.rejects(async () => version('tcp://127.0.0.1:1', ['nonsense']), { code: 'engine_address_invalid' });
});
