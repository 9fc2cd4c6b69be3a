import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { rpcGet, rpcQuery } from '../support/rpc-client.ts';
import { administrator, type NativeCall, nativeClient, type RunningService, startService } from '../support/service.ts';
import { createToyEstate, type ToyEstate, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

/** Groups 20–22 of hostile-inputs.md on a running service. */
const moment = 60_000;

describe('a service is no way into the network around it', { timeout: 300_000 }, () => {
  let estate: ToyEstate;
  let service: RunningService;
  let call: NativeCall;
  const traps: { readonly server: Server; readonly port: number; connections: number }[] = [];

  before(async () => {
    estate = await createToyEstate();
    const addresses = ['127.0.0.1', '127.0.0.2', ...(hasLoopback6() ? ['::1'] : [])];
    for (const address of addresses) traps.push(await trap(address));
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    for (const { server } of traps) server.close();
    await estate?.[Symbol.asyncDispose]();
  });

  async function start(allow: string): Promise<void> {
    await service?.[Symbol.asyncDispose]();
    const env = { ...estate.env, DRYDOCK_REGISTRY_ALLOW: allow };
    service = await startService({ dataDirectory: estate.dataDirectory, env });
    call = nativeClient(service.host);
  }

  const touched = (): number => traps.reduce((sum, { connections }) => sum + connections, 0);
  const port = (index: number): number => traps[index]?.port ?? 0;

  /** Adds a registry as asked, tests it, and takes it away again: refused at the door, or nothing works and says why. */
  async function refuses(fields: Readonly<Record<string, unknown>>): Promise<void> {
    const added = await call('POST', '/registries', { name: 'evil', kind: 'oci', insecure: true, ...fields });
    if (added.status >= 400) {
      assert.ok(
        ['address_denied', 'base_url_invalid', 'invalid_field'].includes(added.body.code),
        JSON.stringify(added.body),
      );
      return;
    }
    const tested = await call('POST', `/registries/${added.body.id}/test`);
    const told = JSON.stringify(tested.body);
    if (tested.status < 300) assert.deepEqual([tested.body.list.state, tested.body.pull.state], ['no', 'no'], told);
    assert.match(told, /address_denied|not allowed|denied/, JSON.stringify(fields));
    await call('POST', `/registries/${added.body.id}/sync`);
    await call('DELETE', `/registries/${added.body.id}`);
  }

  test('registries at loopback, link-local and metadata addresses are refused through every way in', async () => {
    await start('');
    const places = [
      `http://127.0.0.1:${port(0)}`,
      `http://127.0.0.2:${port(1)}`,
      `http://localhost:${port(0)}`,
      `http://[::1]:${port(2)}`,
      `http://[::ffff:127.0.0.1]:${port(0)}`,
      `http://2130706433:${port(0)}`,
      `http://0x7f.1:${port(0)}`,
      `http://0.0.0.0:${port(0)}`,
      'http://169.254.169.254',
      'http://169.254.169.254/latest/meta-data',
      'http://[fe80::1]',
      'http://100.100.100.200',
    ];
    for (const baseUrl of places) await refuses({ baseUrl });
    for (const kind of ['harbor', 'static']) {
      await refuses({ kind, baseUrl: places[0], ...(kind === 'static' && { references: ['team/app:v1'] }) });
    }
    for (const connectAddress of ['127.0.0.1', '169.254.169.254', '::1']) {
      await refuses({ baseUrl: `http://registry.example:${port(0)}`, connectAddress });
    }
    assert.equal(touched(), 0);
  });

  test('a change of an accepted registry is no way around', async () => {
    const { body } = await call('POST', '/registries', {
      name: 'turns',
      kind: 'oci',
      baseUrl: 'https://registry.invalid',
    });
    for (const change of [
      { baseUrl: `http://127.0.0.1:${port(0)}`, insecure: true },
      { connectAddress: '127.0.0.1' },
    ]) {
      await call('PATCH', `/registries/${body.id}`, change);
      await call('POST', `/registries/${body.id}/test`);
      await call('POST', `/registries/${body.id}/sync`);
    }
    await call('DELETE', `/registries/${body.id}`);
    assert.equal(touched(), 0);
  });

  test('the Alibaba interface is no way around', async () => {
    const fields = {
      RegistryType: 'harbor',
      RegistryVersion: 'V2',
      NetType: '1',
      ProtocolType: '1',
      RegistryRegionId: 'local',
    };
    for (const [DomainName, RegistryHostIp] of [
      ['127.0.0.1', '127.0.0.1'],
      ['registry.example', '127.0.0.1'],
      ['localhost', '127.0.0.1'],
      ['169.254.169.254', '169.254.169.254'],
    ] as const) {
      const more = { DomainName, RegistryHostIp, Port: String(port(0)), UserName: 'u', Password: 'p' };
      await rpcGet(service.host, rpcQuery(administrator, 'AddPrivateRegistry', { ...fields, ...more }));
    }
    const idle = async () => (await call('GET', '/jobs?state=queued,running')).body.items?.length ?? 0;
    await until('the jobs of these registries', idle, (jobs) => jobs === 0, moment).catch(() => undefined);
    assert.equal(touched(), 0);
  });

  test('an allowed registry cannot send the service elsewhere: realm, blobs, next pages', async () => {
    await start('127.0.0.1/32');
    const elsewhere = `http://127.0.0.2:${port(1)}`;
    const always = { times: Number.POSITIVE_INFINITY };
    const { registry } = estate;
    registry.fail('GET', '/blobs/', { ...always, redirect: `${elsewhere}/blob` });
    const link = `<${elsewhere}/v2/_catalog?last=x>; rel="next"`;
    registry.fail('GET', '/v2/_catalog', { ...always, headers: { link } });
    const fields = { name: 'toys', kind: 'oci', baseUrl: registry.url, insecure: true };
    const added = await call('POST', '/registries', {
      ...fields,
      username: toyRobot.user,
      password: toyRobot.password,
    });
    assert.equal(added.status, 201);
    const asked = () => registry.log().some((line) => line.includes('_catalog'));
    await until('the catalogue is asked for', asked, Boolean, moment);
    const realm = `Bearer realm="${elsewhere}/token",service="x"`;
    registry.clearFaults();
    registry.fail('GET', '/blobs/', { ...always, redirect: `${elsewhere}/blob` });
    const list = async () => {
      const image = (await call('GET', '/images')).body.items[0];
      // An order while the first run is still failing is that run, so it may have to be given again.
      if (image === undefined) await call('POST', `/registries/${added.body.id}/sync`);
      return image?.scan.state;
    };
    await until('the scan has failed', list, (state) => state === 'failed', moment);
    registry.fail('*', '/v2/', { ...always, status: 401, headers: { 'www-authenticate': realm } });
    await call('POST', `/registries/${added.body.id}/test`);
    assert.equal(touched(), 0);
  });
});

async function trap(address: string) {
  const state = { server: createServer(), port: 0, connections: 0 };
  state.server.on('connection', (socket) => {
    state.connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => state.server.listen(0, address, resolve));
  const bound = state.server.address();
  if (bound !== null && typeof bound === 'object') state.port = bound.port;
  return state;
}

function hasLoopback6(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
}
