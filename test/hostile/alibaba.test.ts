import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { actions } from '../../src/api/alibaba/actions/list.ts';
import { everyAlibabaCall } from '../support/alibaba-calls.ts';
import {
  type AlibabaWorld,
  alibabaWorld,
  bankKey,
  ownerKey,
  parametersOf,
  secret,
  signed,
} from '../support/alibaba-world.ts';
import { accessKey, principal } from '../support/fake-access.ts';
import { createFakeServices } from '../support/fake-services.ts';

const host = 'drydock.example:8080';
const form = 'application/x-www-form-urlencoded';

/** `Info` in a signed form body, where it may be long. */
async function operate(world: AlibabaWorld, Info: string, key = ownerKey) {
  const payload = signed(parametersOf({ Action: 'OperateImageVul', Info, AccessKeyId: key }), 'POST');
  const headers = { host, 'content-type': form };
  const answer = await world.server.app.inject({ method: 'POST', url: '/', headers, payload });
  return { status: answer.statusCode, body: answer.json() };
}

async function refusedInfo(world: AlibabaWorld, info: unknown, code = 'InvalidInfo') {
  const text = typeof info === 'string' ? info : JSON.stringify(info);
  const started = performance.now();
  const { status, body } = await operate(world, text);
  assert.deepEqual([status, body.Code], [400, code], text.slice(0, 100));
  assert.ok(performance.now() - started < 3000, 'clients give up after three seconds');
  assert.equal(world.work.fixes.length, 0);
}

function target(world: AlibabaWorld): Record<string, unknown> {
  return { uuid: world.estate.images[0]?.uuid, ids: [101] };
}

test('Info of 1 MiB, a million elements, 100,000 levels, keys that stand twice', async (t) => {
  const world = await alibabaWorld(t);
  const id = JSON.stringify(world.estate.images[0]?.uuid);
  await refusedInfo(world, `[{"uuid":${id},"ids":[101],"namespace":"${'a'.repeat(2 ** 20)}"}]`);
  await refusedInfo(world, `[${'1,'.repeat(500_000)}1]`);
  await refusedInfo(world, `[${'{},'.repeat(200_000)}{}]`);
  await refusedInfo(world, '['.repeat(100_000));
  await refusedInfo(world, `[{"uuid":${id},"ids":${'['.repeat(100_000)}]`);
  await refusedInfo(world, `${'{"a":'.repeat(100_000)}1`);
  await refusedInfo(world, `[{"uuid":${id},"ids":[101],"ids":[102]}]`);
  await refusedInfo(world, `[{"uuid":${id},"uuid":${id},"ids":[101]}]`);
  await refusedInfo(world, `[{"uuid":${id},"Uuid":${id},"ids":[101]}]`);
  await refusedInfo(world, `[{"uuid":${id},"ids":[${'101,'.repeat(10_000)}101]}]`);
  await refusedInfo(
    world,
    Array.from({ length: 101 }, () => target(world)),
  );
  await refusedInfo(world, '\\"'.repeat(200_000));
  await refusedInfo(world, '{"__proto__":{"uuid":"x"},"ids":[101]}');
});

test('ids that are texts, negative, fractional, beyond 2^53, unknown, of mixed images, of another tenant', async (t) => {
  const world = await alibabaWorld(t);
  const uuid = JSON.stringify(world.estate.images[0]?.uuid);
  const wrong = ['"101"', '-1', '0', '1.5', '101.00000001', '1e400', '9007199254740993', '9223372036854775808'];
  for (const id of [...wrong, '999', 'null', 'true', '[101]', '{"id":101}', '201', '401']) {
    await refusedInfo(world, `[{"uuid":${uuid},"ids":[101,${id}]}]`);
  }
  const mine = await operate(world, JSON.stringify([target(world)]), bankKey);
  const none = await operate(world, JSON.stringify([{ ...target(world), uuid: 'f'.repeat(32) }]), bankKey);
  const { RequestId: _one, ...foreign } = mine.body;
  const { RequestId: _two, ...missing } = none.body;
  assert.deepEqual(foreign, missing, 'foreign and missing look alike');
});

test('new tags that are paths, commands, too long, digests, equal to the old one', async (t) => {
  const world = await alibabaWorld(t);
  const tags = [
    '../x',
    'latest;id',
    '$(id)',
    '`id`',
    'a b',
    'a\nb',
    'a\u0000b',
    '-rf',
    '.hidden',
    `@sha256:${'a'.repeat(64)}`,
    'a'.repeat(129),
    'ä',
    '标签',
    'a/b',
    'a:b',
    '%2e%2e',
  ];
  for (const newTag of tags) await refusedInfo(world, [{ ...target(world), newTag }]);
  await refusedInfo(world, [{ ...target(world), newTag: '1.4.2' }]);
  await refusedInfo(world, [{ ...target(world), newTag: '1.4.1' }]);
  await refusedInfo(world, [{ ...target(world), newTag: 1 }]);
});

test('a confused deputy: names of one image with the digest or uuid of another', async (t) => {
  const world = await alibabaWorld(t);
  const [one, two, three, vault] = world.estate.images;
  const names = { namespace: 'shop', repoName: 'web', instanceId: one?.registry.instanceId };
  for (const info of [
    { ...names, digest: three?.digest, ids: [301] },
    { ...names, uuid: three?.uuid, ids: [301] },
    { ...names, tag: '1.4.2', digest: two?.digest, ids: [201] },
    { uuid: one?.uuid, digest: two?.digest, ids: [101] },
    { uuid: one?.uuid, repoId: three?.repository.extId, ids: [101] },
    { uuid: one?.uuid, instanceId: vault?.registry.instanceId, ids: [101] },
    { uuid: one?.uuid, ids: [201] },
  ]) {
    await refusedInfo(world, [info]);
  }
});

test('pages of 10^9 rows, of none, of -1, of words, and far behind the end', async (t) => {
  const world = await alibabaWorld(t);
  for (const { name, parameters: shape } of actions) {
    if (!('PageSize' in shape)) continue;
    const risks = { ImageUuid: 'a'.repeat(32), BaselineNameKey: 'identification' };
    const needed = { Type: 'cve', TaskType: 'IMAGE_SCAN', RelateInfo: 'true', ...risks };
    const more = name === 'DescribeImageRepoList' ? { Type: 'image_repo', TargetType: 'image_repo' } : needed;
    for (const value of ['1000000000', '0', '-1', 'abc', '1.5', '1e3', ' 1', '9'.repeat(30)]) {
      const { status, body } = await world.ask(name, { ...more, PageSize: value });
      assert.deepEqual([status, body.Code], [400, 'InvalidPageSize'], `${name} ${value}`);
    }
    const over = await world.ask(name, { ...more, CurrentPage: '9007199254740991', PageSize: '1000' });
    assert.deepEqual([over.status, over.body.Code], [400, 'InvalidCurrentPage'], name);
    const far = await world.ask(name, { ...more, CurrentPage: '9007199254740', PageSize: '1000' });
    assert.equal(far.status, 200, `${name} ${JSON.stringify(far.body)}`);
    assert.ok(
      Object.values({ ...far.body, ...far.body.Data }).some((value) => Array.isArray(value) && value.length === 0),
      name,
    );
  }
});

test('filters that look like code are only compared', async (t) => {
  const world = await alibabaWorld(t);
  const all = (await world.ask('DescribeImageVulList', { Type: 'cve' })).body.TotalCount;
  for (const text of ["' OR 1=1 --", '%', '_', '.*', '(a+)+$', `$\{7*7}`, '{{7*7}}', 'a\u0000b', '*', '\\']) {
    for (const name of ['AliasName', 'RepoName', 'Tag', 'Name']) {
      const { status, body } = await world.ask('DescribeImageVulList', { Type: 'cve', [name]: text });
      assert.equal(status, 200);
      assert.ok(body.TotalCount < all, `${name} ${text}`);
    }
  }
});

/** Every service whose use cases fail the test when they are reached. */
async function unreachable(t: TestContext) {
  const forbidden = new Proxy(
    {},
    { get: (_target, name) => () => assert.fail(`a use case was reached: ${String(name)}`) },
  );
  const names = Object.keys(createFakeServices().services);
  const world = await alibabaWorld(t, { override: () => Object.fromEntries(names.map((name) => [name, forbidden])) });
  world.access.keys.set('nothing', accessKey('nothing', secret, principal('nobody', [])));
  return world;
}

test('every operation without its right: no use case is reached, no parameter is looked at', async (t) => {
  const world = await unreachable(t);
  for (const { name } of actions) {
    const { status, body } = await world.ask(name, { Info: '{', Criteria: '{', PageSize: 'x' }, 'nothing');
    assert.deepEqual([status, body.Code], [403, 'NoPermission'], name);
    assert.equal(body.AccessDeniedDetail.AuthAction, `yundun-sas:${name}`);
  }
});

test('every use case sees exactly the projects of the right', async (t) => {
  const seen: [string, unknown][] = [];
  const watched = (services: object): Record<string, object> =>
    Object.fromEntries(
      Object.entries(services).map(([service, methods]) => [
        service,
        new Proxy(methods as object, {
          get: (target, name) => {
            const method = Reflect.get(target, name) as (...all: unknown[]) => unknown;
            return (...all: unknown[]) => {
              // What everybody may know is asked without a caller.
              if (name !== 'regions' && name !== 'catalogue')
                seen.push([`${service}.${String(name)}`, (all[0] as { projects: unknown }).projects]);
              return method(...all);
            };
          },
        }),
      ]),
    );
  const world = await alibabaWorld(t, { override: ({ services }) => watched(services) });
  for (const [name, parameters] of everyAlibabaCall(world)) await world.ask(name, parameters, bankKey);
  assert.ok(seen.length > actions.length, `${seen.length} use cases`);
  assert.deepEqual(
    seen.filter(([, projects]) => JSON.stringify(projects) !== '[2]'),
    [],
  );
});

test('members that nobody asked for change nothing', async (t) => {
  const world = await alibabaWorld(t);
  const registry = {
    DomainName: 'a.example',
    NetType: '1',
    Password: 'p',
    ProtocolType: '2',
    RegistryHostIp: '10.0.0.1',
    RegistryRegionId: 'cn-hangzhou',
    RegistryType: 'harbor',
    RegistryVersion: 'V2',
    UserName: 'u',
  };
  const extra = { ProjectId: '1', projectId: '1', Id: '1', State: 'ok', 'Vendor.x': '1', constructor: 'x' };
  await world.ask('AddPrivateRegistry', { ...registry, ...extra }, bankKey);
  const added = world.estate.registries[2];
  assert.deepEqual([added?.id, added?.projectId, added?.baseUrl], [3, 2, 'https://a.example']);
});

test('request lines of 250 KiB are read; longer ones are refused as JSON', async (t) => {
  const world = await alibabaWorld(t);
  await world.server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = world.server.app.server.address() as { port: number };
  const send = (length: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (bytes) => {
        text += String(bytes);
        if (text.includes('}')) socket.end();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write(`GET /?Action=X&Version=1&Padding=${'a'.repeat(length)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    });
  assert.match(await send(250 * 1024), /^HTTP\/1\.1 400 [\s\S]*"Code":"MissingAccessKeyId"/);
  assert.match(await send(300 * 1024), /^HTTP\/1\.1 431 [\s\S]*application\/json[\s\S]*"Code":"RequestEntityTooLarge"/);
});
