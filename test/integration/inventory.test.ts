import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { createRegistry, type Digest, fixedCredentials, type ImageRepository } from '../../src/image/index.ts';
import type { NewRegistry } from '../../src/service/index.ts';
import { sqliteTarget } from '../support/databases.ts';
import { startDockerRegistry } from '../support/docker-registry.ts';
import { admin, type InventoryWorldOptions, openInventoryWorld } from '../support/inventory-world.ts';
import { needs } from '../support/system.ts';
import { buildTestImage, buildTestIndex, sha256, type TestImage, tar } from '../support/test-image.ts';

const signal = AbortSignal.timeout(120_000);
const image = (text: string, architecture = 'amd64'): TestImage =>
  buildTestImage([tar({ 'etc/os-release': `ID=debian\nX=${text}\n` })], { config: { architecture } } as never);

type Pushable = Pick<TestImage, 'manifest' | 'mediaType' | 'digest'> & { readonly blobs?: TestImage['blobs'] };

async function push(repository: ImageRepository, what: Pushable, tag?: string): Promise<void> {
  for (const [digest, bytes] of what.blobs ?? []) {
    const descriptor = { digest: digest as Digest, size: bytes.length };
    await repository.putBlob(descriptor, async () => Readable.from([bytes]), { signal });
  }
  await repository.putManifest(what.manifest, what.mediaType, signal);
  if (tag !== undefined) await repository.putTag(tag, { ...what, bytes: what.manifest }, signal);
}

async function start(t: TestContext, options: { password?: string; world?: InventoryWorldOptions } = {}) {
  const programs = needs(t, 'docker-registry', 'htpasswd');
  if (!programs) return undefined;
  const { password } = options;
  const user = password === undefined ? {} : { user: { name: 'robot', password, htpasswd: programs.htpasswd } };
  const server = await startDockerRegistry({ program: programs['docker-registry'], ...user });
  const credentials = new Map(
    password === undefined ? [] : [[server.host, { kind: 'basic', username: 'robot', password } as const]],
  );
  const client = createRegistry({ credentials: fixedCredentials(credentials) });
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  const world = await openInventoryWorld(t, await sqliteTarget(t), options.world);
  const add = (change: Partial<NewRegistry> = {}) =>
    world.service.add(admin, { name: 'main', kind: 'oci', baseUrl: `http://${server.host}`, ...change });
  const repository = (path: string) => client.repository({ registry: server.host, repository: path });
  /** `path:tag digest[ until]` of all images, sorted. */
  const images = async (current = true) =>
    (await world.store.findImages(current ? { current: true } : {}, 1000))
      .map(({ repository: { path }, tag, digest }) => `${path}:${tag} ${digest.slice(7, 15)}`)
      .toSorted();
  return { ...world, server, add, repository, images };
}

const line = (path: string, tag: string, what: { digest: string }) => `${path}:${tag} ${what.digest.slice(7, 15)}`;

test('a registry is onboarded, tested and synchronised in the background', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  await push(s.repository('team/app'), a, 'v1');
  await push(s.repository('team/app'), b, 'v2');
  await push(s.repository('flat'), a, 'latest');
  await push(s.repository('other/skip'), a, 'latest');
  const registry = await s.add({ exclude: ['other/**'], schedule: '17 3 * * *' });
  assert.equal(registry.state, 'new');
  assert.deepEqual((await s.work()).toSorted(), ['probe succeeded', 'sync succeeded']);
  assert.deepEqual(await s.images(), [line('flat', 'latest', a), line('team/app', 'v1', a), line('team/app', 'v2', b)]);
  const now = await s.service.get(admin, registry.id);
  assert.equal(now?.state, 'ok');
  assert.equal(now?.stateReason, null);
  const states = Object.entries(now?.abilities ?? {}).map(([name, { state }]) => `${name} ${state}`);
  // Debian's docker-registry 2.8 has no referrers API.
  assert.deepEqual(states, ['list yes', 'pull yes', 'push yes', 'delete yes', 'referrers no']);
  assert.equal(now?.abilities?.referrers.code, 'no_referrers_api');
  assert.equal(s.queued.length, 3);
  const [first] = await s.store.findImages({ path: 'team/app', tag: 'v1' }, 1);
  assert.deepEqual([first?.platform, first?.scan.state, first?.fixedFrom], ['linux/amd64', 'never', null]);
  assert.equal((await s.schedules.list())[0]?.name, `sync:${registry.id}`);
  const page = await s.service.page(admin, { page: { offset: 0, limit: 10 } });
  assert.deepEqual([page.total, page.rows[0]?.images], [1, 3]);
  assert.deepEqual(
    s.audited.map(({ action }) => action),
    ['registry.add'],
  );
  assert.ok(!JSON.stringify(page).includes('assword":"'));
});

test('moved, new and deleted tags are found; history says when', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  const app = s.repository('team/app');
  await push(app, a, 'v1');
  await push(app, a, 'gone');
  const registry = await s.add();
  await s.work();
  await push(app, b, 'v1');
  await push(app, b, 'v2');
  await app.deleteTag('gone', signal);
  // docker-registry deletes manifests only: the tag goes with its manifest.
  await app.deleteTag(a.digest, signal);
  const task = await s.service.sync(admin, registry.id);
  assert.equal(task?.kind, 'registry_sync');
  assert.deepEqual(await s.work(), ['sync succeeded']);
  assert.deepEqual(await s.images(), [line('team/app', 'v1', b), line('team/app', 'v2', b)]);
  assert.equal((await s.images(false)).length, 4);
  const repository = (await s.store.repositoryByPath(registry.id, 'team/app')) ?? assert.fail();
  const history = await s.store.tagHistory(repository.id, 'v1', 10);
  assert.deepEqual(
    history.map(({ digest, source }) => [digest, source]),
    [
      [b.digest, 'poll'],
      [a.digest, 'poll'],
    ],
  );
  const again = s.queued.length;
  await s.service.sync(admin, registry.id);
  await s.work();
  assert.deepEqual((await s.store.tagHistory(repository.id, 'v1', 10)).length, 2, 'nothing new, nothing written');
  assert.ok(s.queued.length >= again);
});

test('indexes give an image for each platform, attestations and artifacts none', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [amd, arm, note] = [image('amd'), image('arm', 'arm64'), image('note')];
  const app = s.repository('team/multi');
  for (const each of [amd, arm, note]) await push(app, each);
  const index = buildTestIndex([
    { image: amd, platform: { os: 'linux', architecture: 'amd64' } },
    { image: arm, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
    { image: note, platform: { os: 'unknown', architecture: 'unknown' } },
  ]);
  await push(app, index, 'v1');
  const config = Buffer.from('{}');
  const configDigest = sha256(config);
  const chart = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: configDigest, size: config.length },
      layers: [],
    }),
  );
  await app.putBlob({ digest: configDigest, size: config.length }, async () => Readable.from([config]), {
    signal,
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  await push(app, { manifest: chart, mediaType, digest: sha256(chart) }, 'chart');
  await s.add();
  await s.work();
  const images = await s.store.findImages({ path: 'team/multi' }, 10);
  assert.deepEqual(
    images.map(({ tag, digest, platform, indexDigest }) => [tag, digest, platform, indexDigest]).toSorted(),
    [
      ['v1', amd.digest, 'linux/amd64', index.digest],
      ['v1', arm.digest, 'linux/arm64/v8', index.digest],
    ].toSorted(),
  );
});

test('wrong and missing credentials are told by what they are', async (t) => {
  const s = await start(t, { password: 's3cret' });
  if (!s) return;
  await push(s.repository('team/app'), image('a'), 'v1');
  const registry = await s.add({ username: 'robot', password: 'wrong' });
  assert.deepEqual((await s.work()).toSorted(), ['probe succeeded', 'sync unauthorized']);
  const bad = await s.service.get(admin, registry.id);
  assert.equal(bad?.state === 'unreachable' || bad?.state === 'degraded', true);
  assert.equal(bad?.abilities?.pull.code, 'unauthorized');
  assert.match(bad?.stateReason ?? '', /401/);
  await s.service.update(admin, registry.id, { password: 's3cret' });
  const abilities = await s.service.test(admin, registry.id);
  assert.deepEqual([abilities.list.state, abilities.pull.state, abilities.push.state], ['yes', 'yes', 'yes']);
  await s.service.sync(admin, registry.id);
  assert.deepEqual((await s.work()).toSorted(), ['probe succeeded', 'sync succeeded']);
  assert.equal((await s.service.get(admin, registry.id))?.state, 'ok');
});

test('static lists take single tags, digests and whole repositories; what leaves the list is closed', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  for (const path of ['x/one', 'x/two', 'x/three']) {
    await push(s.repository(path), a, 'v1');
    await push(s.repository(path), b, 'v2');
  }
  const references = ['x/one:v1', `x/two@${b.digest}`, 'x/three'];
  const registry = await s.add({ kind: 'static', references });
  await s.work();
  const three = [line('x/three', 'v1', a), line('x/three', 'v2', b)];
  const two = `x/two:null ${b.digest.slice(7, 15)}`;
  assert.deepEqual(await s.images(), [line('x/one', 'v1', a), ...three, two].toSorted());
  await s.service.update(admin, registry.id, { references: ['x/two:v1', 'x/three'] });
  await s.service.sync(admin, registry.id);
  await s.work();
  assert.deepEqual(await s.images(), [...three, line('x/two', 'v1', a)].toSorted());
});

test('hooks of the registry itself lead to the repositories that they name, once', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  await push(s.repository('team/app'), a, 'v1');
  const registry = await s.add();
  await s.work();
  const { secret, path } = await s.service.rotateHookSecret(admin, registry.id);
  assert.equal(path, `/api/v1/hooks/${registry.id}`);
  await push(s.repository('team/app'), b, 'v1');
  await push(s.repository('team/new'), b, 'v1');
  const event = (id: string, repository: string, at = new Date()) => ({
    id,
    timestamp: at.toISOString(),
    action: 'push',
    target: { repository, tag: 'v1', digest: b.digest },
    actor: { name: 'jane' },
  });
  const body = Buffer.from(JSON.stringify({ events: [event('1', 'team/app'), event('2', 'team/none')] }));
  const send = (headers: Record<string, string>, bytes: Buffer = body, registryId = registry.id) =>
    s.service.hook({ registryId, headers, body: bytes, requestId: 'r' });
  const denied = { code: 'hook_denied' };
  await assert.rejects(send({ authorization: 'Bearer nonsense' }), denied);
  await assert.rejects(send({}), denied);
  await assert.rejects(send({ authorization: `Bearer ${secret}` }, body, registry.id + 1), denied);
  await assert.rejects(send({ authorization: `Bearer ${secret}` }, Buffer.alloc(1024 * 1024 + 1, 32)), denied);
  await assert.rejects(send({ authorization: `Bearer ${secret}` }, Buffer.from('{}')), denied);
  assert.deepEqual(await s.work(), []);
  await send({ authorization: `Bearer ${secret}` });
  assert.deepEqual(await s.work(), ['sync succeeded']);
  assert.deepEqual(await s.images(), [line('team/app', 'v1', b)]);
  assert.equal(await s.store.repositoryByPath(registry.id, 'team/none'), null);
  const repository = (await s.store.repositoryByPath(registry.id, 'team/app')) ?? assert.fail();
  const [moved] = await s.store.tagHistory(repository.id, 'v1', 1);
  assert.deepEqual([moved?.source, moved?.actor, moved?.digest], ['push', 'jane', b.digest]);
  for (let replay = 0; replay < 100; replay++) await send({ authorization: `Bearer ${secret}` });
  const stale = event('3', 'team/new', new Date(Date.now() - 3_600_000));
  await send({ authorization: `Bearer ${secret}` }, Buffer.from(JSON.stringify({ events: [stale] })));
  assert.deepEqual(await s.work(), [], 'replays and old events do nothing');
  const signed = Buffer.from(JSON.stringify({ events: [event('4', 'team/new')] }));
  const time = Math.floor(Date.now() / 1000);
  const v1 = createHmac('sha256', secret).update(`${time}.`).update(signed).digest('hex');
  await send({ 'x-drydock-signature': `t=${time},v1=${v1}` }, signed);
  await s.work();
  assert.deepEqual(await s.images(), [line('team/app', 'v1', b), line('team/new', 'v1', b)]);
  const rotated = await s.service.rotateHookSecret(admin, registry.id);
  assert.notEqual(rotated.secret, secret);
  await assert.rejects(send({ authorization: `Bearer ${secret}` }), denied);
});

test('announced images are there at once and looked at in the background', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  await push(s.repository('team/app'), a, 'v1');
  const registry = await s.add();
  const known = await s.add({ name: 'other' });
  await s.work();
  await push(s.repository('team/app'), b, 'v2');
  const announced = (change: object) => ({
    registryInstanceId: registry.instanceId,
    repositoryExtId: null,
    namespace: 'team',
    name: 'app',
    tag: 'v2',
    digest: b.digest as string,
    updatedAt: null,
    ...change,
  });
  const bad = [{ tag: 'no good' }, { digest: 'sha256:1' }, { name: '../x' }, { registryInstanceId: 'cri-none' }];
  for (const change of bad) {
    const error = { code: 'invalid_order' };
    await assert.rejects(s.service.announce(admin, [announced({}), announced(change)]), error);
  }
  const nobody = { ...admin, projects: [2] };
  await assert.rejects(s.service.announce(nobody, [announced({})]), { code: 'invalid_order' });
  assert.equal((await s.images()).length, 2, 'all or nothing');
  const uuids = await s.service.announce(admin, [announced({}), announced({ tag: 'lie' })]);
  const before = await s.store.imagesByUuid(uuids);
  assert.deepEqual(
    before.map(({ tag, platform }) => [tag, platform]),
    [
      ['v2', null],
      ['lie', null],
    ],
  );
  await s.work();
  const after = await s.store.imagesByUuid(uuids);
  assert.deepEqual(
    after.map(({ platform, until }) => [platform, until === null]),
    [
      ['linux/amd64', true],
      ['linux/amd64', false],
    ],
  );
  // What only another registry has shown is not opened on a mere claim.
  const secret = image('secret');
  await push(s.repository('hidden/app'), secret, 'v1');
  await s.service.sync(admin, known.id);
  await s.work();
  const claim = announced({ name: 'app', tag: 'claim', digest: secret.digest });
  const [claimed] = await s.service.announce(admin, [claim]);
  assert.deepEqual(await s.store.imagesByUuid([claimed ?? '']), []);
});

test('a removed registry is gone with its images, its schedule and its jobs', async (t) => {
  const s = await start(t);
  if (!s) return;
  await push(s.repository('team/app'), image('a'), 'v1');
  const registry = await s.add({ schedule: '0 4 * * *' });
  await s.work();
  await s.service.sync(admin, registry.id);
  assert.equal(await s.service.remove({ ...admin, projects: [2] }, registry.id), false);
  assert.equal(await s.service.remove(admin, registry.id), true);
  assert.deepEqual(await s.images(false), []);
  assert.deepEqual(await s.schedules.list(), []);
  assert.deepEqual(await s.work(), ['retention succeeded']);
  assert.equal((await s.store.purgeRemoved(1, 0)).done, true);
  assert.ok(await s.add(), 'the name is free again');
});

test('addresses of this machine are refused unless their network is allowed, also behind names', async (t) => {
  const s = await start(t, { world: { allowedAddresses: [] } });
  if (!s) return;
  const denied = { code: 'address_denied' };
  for (const baseUrl of [
    'http://127.0.0.1:5000',
    'http://localhost:5000',
    'http://[::1]:5000',
    'http://169.254.169.254',
  ])
    await assert.rejects(s.add({ baseUrl }), denied, baseUrl);
  await assert.rejects(s.add({ baseUrl: 'http://registry.example', connectAddress: '127.0.0.1' }), denied);
  for (const baseUrl of ['https://good@evil', 'http://0x7f.1', 'https://registry.example:22', 'x'])
    await assert.rejects(s.add({ baseUrl }), { code: 'invalid_field' }, baseUrl);
  // The row of an earlier configuration: the connection itself is refused, not only the input.
  const port = s.server.host.split(':')[1];
  const registry = await s.add({ baseUrl: 'https://registry.invalid' });
  await s.store.updateRegistry(registry.id, { baseUrl: `http://localhost:${port}` }, 1);
  const abilities = await s.service.test(admin, registry.id);
  assert.deepEqual([abilities.pull.state, abilities.pull.code], ['no', 'address_denied']);
  assert.equal((await s.service.get(admin, registry.id))?.state, 'unreachable');
});

test('an address to connect to takes the place of the name', async (t) => {
  const s = await start(t);
  if (!s) return;
  await push(s.repository('team/app'), image('a'), 'v1');
  const port = s.server.host.split(':')[1];
  await s.add({ baseUrl: `http://registry.invalid:${port}`, connectAddress: '127.0.0.1' });
  assert.deepEqual((await s.work()).toSorted(), ['probe succeeded', 'sync succeeded']);
  assert.equal((await s.images()).length, 1);
});

test('stored credentials do not follow a registry to another address', async (t) => {
  const s = await start(t);
  if (!s) return;
  const registry = await s.add({ username: 'robot', password: 'canary-secret' });
  const refused = { code: 'invalid_field', field: 'password' };
  await assert.rejects(s.service.update(admin, registry.id, { baseUrl: 'http://evil.example' }), refused);
  await assert.rejects(s.service.update(admin, registry.id, { insecure: true }), refused);
  assert.ok(await s.service.update(admin, registry.id, { baseUrl: 'http://moved.example', password: 'canary-secret' }));
  assert.ok(await s.service.update(admin, registry.id, { scansPerHour: 10 }));
  const rows = await s.db.kysely.selectFrom('registry').selectAll().execute();
  const everything = JSON.stringify([rows, s.audited, await s.service.get(admin, registry.id)]);
  assert.ok(!everything.includes('canary-secret'));
  assert.ok(!everything.includes(Buffer.from('canary-secret').toString('base64')));
});
