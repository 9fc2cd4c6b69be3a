import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { postgresMissing, sharedPostgres, stopSharedPostgres, textOfDatabase } from '../support/postgres.ts';
import { rpcGet, rpcQuery } from '../support/rpc-client.ts';
import { administrator, type NativeCall, nativeClient, type RunningService, startService } from '../support/service.ts';
import { createToyEstate, type ToyEstate, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

/** Group 18 of hostile-inputs.md on a running service. */
const moment = 60_000;

describe('secrets stay where they belong', { timeout: 300_000 }, () => {
  describe('on SQLite', () => secretsStay(false));
  describe('on PostgreSQL', { skip: postgresMissing }, () => secretsStay(true));
});

function secretsStay(onPostgres: boolean): void {
  let url: string | undefined;
  let estate: ToyEstate;
  let service: RunningService;
  let call: NativeCall;
  const password = 'canary-19ce02-password-of-a-person';
  const changed = 'canary-c81d77-changed-registry-password';
  const secrets: string[] = [administrator.secret, toyRobot.password, changed, password];

  before(async () => {
    estate = await createToyEstate();
    url = onPostgres ? await (await sharedPostgres()).createDatabase() : undefined;
    service = await startService({
      dataDirectory: estate.dataDirectory,
      env: { ...estate.env, DRYDOCK_LOG_LEVEL: 'debug', ...(url && { DRYDOCK_DATABASE_URL: url }) },
    });
    call = nativeClient(service.host);
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await estate?.[Symbol.asyncDispose]();
    if (onPostgres) await stopSharedPostgres();
  });

  /** A secret as it is, and as it stands in headers, URLs and JSON. */
  function forms(): string[] {
    return secrets.flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('hex'),
      Buffer.from(`${toyRobot.user}:${secret}`).toString('base64').replace(/=+$/, ''),
      Buffer.from(`${administrator.id}:${secret}`).toString('base64').replace(/=+$/, ''),
    ]);
  }

  function assertSilent(text: string, where: string): void {
    for (const form of forms()) assert.ok(!text.includes(form), `${where} holds ${form}`);
  }

  test('the registry password and secrets of access stand in no log line, answer, audit entry, file or process list', async () => {
    const registry = {
      name: 'toys',
      kind: 'oci',
      baseUrl: estate.registry.url,
      insecure: true,
      username: toyRobot.user,
    };
    const answers = [await call('POST', '/registries', { ...registry, password: toyRobot.password })];
    const list = async () => (await call('GET', '/images?q=scan:matched')).body.items;
    const [image] = await until('the image is scanned', list, (items) => items.length === 1, moment);
    const processes = jobProcesses(service.process.pid ?? 0);
    assert.ok(processes.length > 0);
    for (const file of processes.map((pid) => `/proc/${pid}/environ`)) assertSilent(readFileSync(file, 'latin1'), file);
    // What was typed into the wrong field, and what is wrong.
    const id = answers[0]?.body.id;
    answers.push(
      await call('PATCH', `/registries/${id}`, { password: changed }),
      await call('POST', `/registries/${id}/test`),
      await call('PATCH', `/registries/${id}`, { password: toyRobot.password }),
      await call('POST', '/users', { name: 'person', password }),
      await call('POST', '/session', { name: 'person', password: `${password}x` }),
      await call('POST', '/fixes', { orders: [{ image: image.uuid, allFixable: true, newTag: 'fixed' }] }),
      await call('POST', '/exports', { format: 'csv' }),
      await call('GET', `/images?password=${encodeURIComponent(changed)}`),
    );
    const fixed = async () => (await call('GET', '/fixes')).body.items[0]?.status;
    await until('the fix', fixed, (status) => status !== 'running', moment);
    const user = answers.find(({ body }) => body?.name === 'person')?.body.id;
    // Shown once to whoever made them; from then on they are secrets like the others.
    const key = (await call('POST', `/users/${user}/keys`, {})).body;
    const token = (await call('POST', `/users/${user}/tokens`, { name: 't', expiresAt: inAnHour() })).body;
    const session = (await call('POST', '/session', { name: 'person', password, kind: 'token' })).body;
    secrets.push(key.secret, token.secret, session.token);
    await rpcGet(service.host, rpcQuery({ id: key.key.id, secret: key.secret }, 'DescribeImageInstances'));
    for (const path of [
      ...[
        '/registries',
        `/registries/${id}`,
        '/users',
        `/users/${user}`,
        `/users/${user}/keys`,
        `/users/${user}/tokens`,
      ],
      ...['/audit?limit=200', '/audit/export', '/jobs', '/system', '/schedules', '/policies', '/me'],
    ]) {
      answers.push(await call('GET', path));
    }
    for (const [index, answer] of answers.entries()) assertSilent(JSON.stringify(answer), `answer ${index}`);
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      assertSilent(commandLine(pid), `command line of ${pid}`);
    }
    const configuration = await estate.run(['config']);
    assertSilent(configuration.stdout, 'drydock config');
    await service.stop();
    assertSilent(service.log(), 'the log');
    if (url !== undefined) {
      const text = await textOfDatabase(url);
      assert.ok(text.includes(toyRobot.user), 'the rows are there');
      assertSilent(text, 'the database');
    }
    for (const file of await readdir(estate.dataDirectory, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const path = join(file.parentPath, file.name);
      assertSilent(await readFile(path, 'latin1'), path);
    }
  });
}

function jobProcesses(parent: number): string[] {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').split(' ').filter(Boolean);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
