import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { reply } from '../support/fake-registry-store.ts';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from '../support/postgres.ts';
import {
  nativeClient,
  type RunningService,
  type RunningWorker,
  type ServiceOptions,
  startService,
  startWorker,
} from '../support/service.ts';
import { createToyEstate, type ToyEstate, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

const moment = 60_000;

describe('a service that stops, starts and loses its database', { timeout: 300_000 }, () => {
  let estate: ToyEstate;
  const running: (RunningService | RunningWorker)[] = [];

  before(async () => {
    estate = await createToyEstate();
  });
  after(async () => {
    for (const one of running) await one.kill();
    await stopSharedPostgres();
    await estate?.[Symbol.asyncDispose]();
  });

  async function serve(options: Omit<ServiceOptions, 'dataDirectory'> & { readonly dataDirectory?: string } = {}) {
    const env = { ...estate.env, ...options.env };
    const service = await startService({ dataDirectory: estate.dataDirectory, ...options, env });
    running.push(service);
    return service;
  }

  async function onboard(service: RunningService): Promise<void> {
    const registry = { name: 'toys', kind: 'oci', baseUrl: estate.registry.url, insecure: true };
    const credentials = { username: toyRobot.user, password: toyRobot.password };
    const added = await nativeClient(service.host)('POST', '/registries', { ...registry, ...credentials });
    assert.equal(added.status, 201, JSON.stringify(added.body));
  }

  const scanState = async (service: RunningService) =>
    (await nativeClient(service.host)('GET', '/images')).body.items[0]?.scan.state;
  const matched = (service: RunningService) =>
    until(
      'the scan',
      () => scanState(service),
      (state) => state === 'matched',
      moment,
    );

  test('a stop gives running work back at once: the next process does not wait for a lease', async () => {
    const first = await serve();
    let held = false;
    estate.registry.fail('GET', '/blobs/', {
      times: Number.POSITIVE_INFINITY,
      answer: () => {
        held = true;
        return reply(0);
      },
    });
    await onboard(first);
    await until('the scan is at work', () => held, Boolean, moment);
    const asked = performance.now();
    assert.equal(await first.stop(), 0);
    assert.ok(performance.now() - asked < 25_000, 'it stops although the registry hangs');
    estate.registry.clearFaults();
    const second = await serve();
    const ready = performance.now();
    await matched(second);
    assert.ok(performance.now() - ready < 8_000, `${performance.now() - ready} ms`);
    assert.equal(await second.stop(), 0);
  });

  test('server and worker share a database of files', async () => {
    const service = await serve({ args: ['--role', 'serve'] });
    const worker = await startWorker({ dataDirectory: estate.dataDirectory, env: estate.env });
    running.push(worker);
    const call = nativeClient(service.host);
    const [image] = (await call('GET', '/images')).body.items;
    const scan = (await call('POST', '/scans', { uuids: [image.uuid], force: true })).body;
    const look = async () => (await call('GET', `/scans/${scan.id}`)).body.state;
    await until('the scan', look, (state) => state === 'finished', moment);
    assert.deepEqual([await service.stop(), await worker.stop()], [0, 0]);
  });

  test('a lost master key stops the start and is said; nothing is made in its place', async () => {
    const env = { DRYDOCK_MASTER_KEY_FILE: `${estate.directory}/none.key` };
    const refused = await estate.run(['serve', '--listen', '127.0.0.1:0'], env);
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, /master key/);
  });

  test('two nodes that start at once on an empty database make one installation', {
    skip: postgresMissing,
  }, async () => {
    const DRYDOCK_DATABASE_URL = await (await sharedPostgres()).createDatabase();
    const DRYDOCK_MASTER_KEY_FILE = `${estate.directory}/shared.key`;
    const env = { DRYDOCK_DATABASE_URL, DRYDOCK_MASTER_KEY_FILE };
    const nodes = await Promise.all([serve({ env }), serve({ env })]);
    for (const { host } of nodes) {
      const users = await nativeClient(host)('GET', '/users');
      assert.deepEqual([users.status, users.body.items.length], [200, 1]);
    }
    await Promise.all(nodes.map((node) => node.stop()));
  });

  test('broken connections to PostgreSQL are made anew, and work goes on', { skip: postgresMissing }, async () => {
    const cluster = await sharedPostgres();
    const env = { DRYDOCK_DATABASE_URL: await cluster.createDatabase() };
    const service = await serve({ env, dataDirectory: `${estate.directory}/broken` });
    const call = nativeClient(service.host);
    for (let time = 0; time < 3; time++) {
      await cluster.breakConnections();
      const ok = async () => (await call('GET', '/images?limit=1')).status;
      await until('an answer', ok, (status) => status === 200, moment);
    }
    await onboard(service);
    await cluster.breakConnections();
    // A question that meets a broken connection may be refused; the next one is answered.
    const look = async () => (await call('GET', '/images')).body.items?.[0];
    const image = await until('the scan', look, (found) => found?.scan.state === 'matched', moment);
    await cluster.breakConnections();
    const order = async () => (await call('POST', '/scans', { uuids: [image.uuid], force: true })).status;
    await until('an order', order, (status) => status === 202, moment);
    assert.equal(service.process.exitCode, null);
    assert.equal(await service.stop(), 0);
  });
});
