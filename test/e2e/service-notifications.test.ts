import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from '../support/postgres.ts';
import {
  type NativeCall,
  nativeClient,
  type RunningService,
  type RunningWorker,
  startService,
  startWorker,
} from '../support/service.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { createToyEstate, type ToyEstate, toyAdvisories, toyLayers, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

const moment = 90_000;
const secret = 'canary-5c2e-webhook-secret';
const token = 'canary-77aa-token-in-address';
const password = 'canary-08bd-mail-password';
const added = { id: 'CVE-2024-0004', package: 'quiet', fixed: '2.0-1' };

describe('notifications', { timeout: 300_000 }, () => {
  describe('one process on SQLite', () => story(false));
  describe('a server and two workers on PostgreSQL', { skip: postgresMissing }, () => story(true));
});

function story(apart: boolean): void {
  let estate: ToyEstate;
  let service: RunningService;
  const workers: RunningWorker[] = [];
  let call: NativeCall;
  let hooks: HttpSink;
  let mails: SmtpSink;
  let env: NodeJS.ProcessEnv;
  const answers: unknown[] = [];

  const ask: NativeCall = async (method, path, body) => {
    const answer = await call(method, path, body);
    answers.push(answer);
    return answer;
  };
  const add = async (name: string, events: string[], over: object = {}): Promise<number> => {
    const target = { kind: 'webhook', url: `${hooks.url}/${name}/${token}?key=${token}`, secret };
    const { status, body } = await ask('POST', '/notification-channels', {
      name,
      events,
      minSeverity: 'unknown',
      target,
      ...over,
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  };
  const deliveries = async (channel: number) =>
    (await ask('GET', `/notification-deliveries?channel=${channel}`)).body.items;
  const idsAt = (path: string): unknown[] => hooks.at(path).map(({ headers }) => headers['x-drydock-event-id']);

  before(async () => {
    estate = await createToyEstate();
    estate.registry.pushTestImage('team/app', 'v2', toyLayers('\n'));
    estate.registry.pushTestImage('team/web', 'v1', toyLayers('\n\n'));
    [hooks, mails] = [await startHttpSink(), await startSmtpSink()];
    const url = apart ? await (await sharedPostgres()).createDatabase() : undefined;
    env = { ...estate.env, ...(url && { DRYDOCK_DATABASE_URL: url }) };
    const { dataDirectory } = estate;
    service = await startService({ dataDirectory, env, args: apart ? ['--role', 'serve'] : [] });
    if (apart) for (let n = 0; n < 2; n++) workers.push(await startWorker({ dataDirectory, env }));
    call = nativeClient(service.host);
    const registry = { name: 'toys', kind: 'oci', baseUrl: estate.registry.url, insecure: true };
    await call('POST', '/registries', { ...registry, username: toyRobot.user, password: toyRobot.password });
    const list = async () => (await call('GET', '/images?q=scan:matched')).body.items;
    await until('the images are scanned', list, (items) => items.length === 3, moment);
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    for (const worker of workers) await worker[Symbol.asyncDispose]();
    await hooks?.[Symbol.asyncDispose]();
    await mails?.[Symbol.asyncDispose]();
    await estate?.[Symbol.asyncDispose]();
    if (apart) await stopSharedPostgres();
  });

  test('a channel is tried at once, and says why it does not work', async () => {
    const id = await add('tried', ['scan.failed']);
    const good = await ask('POST', `/notification-channels/${id}/test`);
    assert.deepEqual([good.body.delivered, good.body.httpStatus], [true, 200]);
    hooks.answer('/tried', { status: 503, body: token });
    const bad = await ask('POST', `/notification-channels/${id}/test`);
    assert.deepEqual([bad.status, bad.body.delivered, bad.body.failure.code], [200, false, 'http_status']);
    const denied = { kind: 'slack', url: `http://169.254.169.254/${token}` };
    const refused = await ask('POST', '/notification-channels', { name: 'x', events: ['scan.failed'], target: denied });
    assert.deepEqual([refused.status, refused.body.code, refused.body.field], [400, 'address_denied', 'target.url']);
  });

  test('an advisory that hits three images is one message a channel: signed webhook and mail', async () => {
    const id = await add('news', ['vulnerability.new', 'scan.failed']);
    const target = {
      kind: 'mail',
      host: '127.0.0.1',
      port: mails.port,
      security: 'none',
      from: 'd@mail.example',
      to: ['ops@mail.example'],
    };
    await add('mail', ['vulnerability.new'], { target });
    await estate.advise([...toyAdvisories, added]);
    await until(
      'the message',
      () => hooks.at('/news'),
      (posts) => posts.length > 0,
      moment,
    );
    await until(
      'the mail',
      () => mails.mails,
      (all) => all.length > 0,
      moment,
    );
    await sleep(4_000);
    assert.equal(hooks.at('/news').length, 1, 'one, and no other follows');
    assert.equal(mails.mails.length, 1);
    const [{ headers, body } = assert.fail()] = hooks.at('/news');
    const expected = createHmac('sha256', secret).update(`${headers['x-drydock-timestamp']}.${body}`).digest('hex');
    assert.equal(headers['x-drydock-signature'], `v1=${expected}`);
    const message = JSON.parse(body);
    assert.equal(message.title, `${added.id} (unknown) affects 3 images`);
    assert.deepEqual(
      message.items.map(({ text }: { text: string }) => text),
      ['team/app: 2 images', 'team/web: 1 image'],
    );
    assert.match(mails.mails[0]?.content ?? '', new RegExp(`Subject: \\[Drydock\\] ${added.id}`));
    const [delivery] = await deliveries(id);
    assert.deepEqual([delivery.state, delivery.attempts, delivery.eventId], ['delivered', 1, message.id]);
  });

  test('a receiver that fails and recovers gets the message with the same id', async () => {
    const id = await add('flaky', ['export.ready']);
    hooks.answer('/flaky', { status: 500 });
    await ask('POST', '/exports', { format: 'csv' });
    await until(
      'the first attempt',
      () => hooks.at('/flaky'),
      (posts) => posts.length > 0,
      moment,
    );
    hooks.answer('/flaky', { status: 200 });
    const [delivery] = await until(
      'it is delivered',
      () => deliveries(id),
      ([one]) => one?.state === 'delivered',
      moment,
    );
    assert.equal(delivery.attempts, 2);
    assert.equal(new Set(idsAt('/flaky')).size, 1);
  });

  test('a redirect is not followed and ends the message; a replay delivers it', async () => {
    const id = await add('moved', ['export.ready']);
    hooks.answer('/moved', { status: 302, headers: { location: `${hooks.url}/elsewhere` } });
    await ask('POST', '/exports', { format: 'csv' });
    const [dead] = await until(
      'it is given up',
      () => deliveries(id),
      ([one]) => one?.state === 'dead',
      moment,
    );
    assert.deepEqual([dead.failure.code, dead.attempts, hooks.at('/elsewhere').length], ['redirect_refused', 1, 0]);
    assert.equal((await ask('GET', `/notification-channels/${id}`)).body.dead, 1);
    hooks.answer('/moved', { status: 200 });
    assert.equal((await ask('POST', `/notification-deliveries/${dead.id}/replay`)).status, 202);
    await until(
      'it is delivered',
      () => deliveries(id),
      ([one]) => one?.state === 'delivered',
      moment,
    );
    assert.equal(new Set(idsAt('/moved')).size, 1);
    assert.equal((await ask('POST', `/notification-deliveries/${dead.id}/replay`)).body.code, 'conflict');
  });

  test('kill -9 in the middle of an attempt loses nothing', { skip: apart }, async () => {
    const id = await add('slow', ['export.ready']);
    hooks.answer('/slow', null);
    await ask('POST', '/exports', { format: 'csv' });
    await until(
      'the attempt is under way',
      () => hooks.at('/slow'),
      (posts) => posts.length > 0,
      moment,
    );
    await service.kill();
    hooks.answer('/slow', { status: 200 });
    answers.push(service.log());
    service = await startService({ dataDirectory: estate.dataDirectory, env });
    call = nativeClient(service.host);
    await until(
      'it is delivered',
      () => deliveries(id),
      ([one]) => one?.state === 'delivered',
      moment,
    );
    assert.equal(new Set(idsAt('/slow')).size, 1, 'repeated under the same id');
  });

  test('the command line lists, tries and replays, and its exit codes say how it went', { skip: apart }, async () => {
    const file = join(estate.directory, 'address');
    await writeFile(file, `${hooks.url}/cli/${token}\n`);
    const channel = ['cli', '--kind', 'slack', '--event', 'all', '--url-file', file, '--quiet', 'UTC,22:00,07:00'];
    const made = await estate.json(['notify', 'add', ...channel]);
    assert.deepEqual([made.target.kind, made.events.length > 5, made.quietHours.to], ['slack', true, '07:00']);
    hooks.answer('/cli', { status: 404, body: 'no_service' });
    const failed = await estate.run(['notify', 'test', 'cli']);
    assert.deepEqual([failed.code, /http_status: .* answered HTTP 404/.test(failed.stdout)], [1, true]);
    const log = await estate.json(['notify', 'deliveries', '--state', 'delivered', '--channel', 'news']);
    assert.equal(log.items.length, 1);
    assert.equal((await estate.run(['notify', 'replay', '4711'])).code, 7);
    answers.push(made, failed, log);
  });

  test('secrets are in no answer, log, audit entry or file', async () => {
    const target = {
      kind: 'mail',
      host: 'mail.example',
      username: 'u',
      password,
      from: 'd@mail.example',
      to: ['o@mail.example'],
    };
    const id = await add('secret mail', ['scan.failed'], { target });
    await ask('PATCH', `/notification-channels/${id}`, { enabled: false });
    await ask('GET', '/notification-channels');
    await ask('GET', '/audit?action=notification.*');
    const told = [JSON.stringify(answers), service.log(), ...workers.map((worker) => worker.log())].join('\n');
    const files = await readdir(estate.dataDirectory);
    const stored = await Promise.all(
      files.filter((name) => name.includes('.db')).map((name) => readFile(join(estate.dataDirectory, name), 'latin1')),
    );
    for (const canary of [secret, token, password]) {
      assert.ok(!told.includes(canary), `${canary} was told`);
      for (const content of stored) assert.ok(!content.includes(canary), `${canary} is in the store`);
    }
  });
}
