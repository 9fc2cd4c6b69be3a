import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { createRegistry, type Digest } from '../../src/image/index.ts';
import { sqliteTarget } from '../support/databases.ts';
import { startDockerRegistry } from '../support/docker-registry.ts';
import { startFakeHarbor } from '../support/fake-harbor.ts';
import { serveInFront } from '../support/front.ts';
import { admin, openInventoryWorld } from '../support/inventory-world.ts';
import { needs } from '../support/system.ts';
import { buildTestImage, type TestImage, tar } from '../support/test-image.ts';

const signal = AbortSignal.timeout(120_000);
const image = (text: string): TestImage => buildTestImage([tar({ 'etc/hostname': text })]);
const user = { name: 'robot$drydock', password: 's3cret' };

async function start(t: TestContext) {
  const programs = needs(t, 'docker-registry');
  if (!programs) return undefined;
  const server = await startDockerRegistry({ program: programs['docker-registry'] });
  const client = createRegistry();
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  const push = async (path: string, what: TestImage, tag: string): Promise<void> => {
    const repository = client.repository({ registry: server.host, repository: path });
    for (const [digest, bytes] of what.blobs) {
      const descriptor = { digest: digest as Digest, size: bytes.length };
      await repository.putBlob(descriptor, async () => Readable.from([bytes]), { signal });
    }
    await repository.putManifest(what.manifest, what.mediaType, signal);
    await repository.putTag(tag, { ...what, bytes: what.manifest }, signal);
  };
  const world = await openInventoryWorld(t, await sqliteTarget(t));
  const images = async () =>
    (await world.store.findImages({ current: true }, 100))
      .map(({ repository: { path }, tag, digest }) => `${path}:${tag} ${digest.slice(7, 15)}`)
      .toSorted();
  return { ...world, server, push, images };
}

const line = (name: string, what: TestImage) => `${name} ${what.digest.slice(7, 15)}`;

test('Harbor is listed by its API: projects, repositories, tags with digests', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  await s.push('team/app', a, 'v1');
  await s.push('team/app', a, 'fixed');
  await s.push('team/deep/er/app', b, 'v1');
  for (let n = 0; n < 3; n++) await s.push(`library/r${n}`, b, 'latest');
  const harbor = await startFakeHarbor(t, s.server.host, user, ['library']);
  const baseUrl = `http://${harbor.host}`;
  const given = { name: 'harbor', kind: 'harbor', baseUrl, username: user.name, password: user.password } as const;
  const registry = await s.service.add(admin, given);
  assert.deepEqual((await s.work()).toSorted(), ['probe succeeded', 'sync succeeded']);
  assert.deepEqual(
    await s.images(),
    [
      ...[0, 1, 2].map((n) => line(`library/r${n}:latest`, b)),
      line('team/app:fixed', a),
      line('team/app:v1', a),
      line('team/deep/er/app:v1', b),
    ].toSorted(),
  );
  const [fixed] = await s.store.findImages({ tag: 'fixed' }, 1);
  assert.equal(fixed?.tagImmutable, true);
  const open = await s.store.findImages({ current: true }, 100);
  const publicPaths = open.filter(({ repository }) => repository.public).map(({ repository }) => repository.path);
  assert.deepEqual([...new Set(publicPaths)].toSorted(), ['library/r0', 'library/r1', 'library/r2']);
  assert.equal((await s.service.get(admin, registry.id))?.abilities?.list.state, 'yes');
  // Slashes in the name of a repository are encoded twice.
  assert.ok(harbor.requests.some((path) => path.includes('/repositories/deep%252Fer%252Fapp/artifacts')));
  // A robot that may only pull gets tags from the registry itself.
  harbor.pullOnly = true;
  await s.push('team/app', b, 'v2');
  await s.service.sync(admin, registry.id);
  assert.deepEqual(await s.work(), ['sync succeeded']);
  assert.ok((await s.images()).includes(line('team/app:v2', b)));
  await s.service.update(admin, registry.id, { password: 'wrong' });
  await s.work();
  assert.equal((await s.service.get(admin, registry.id))?.abilities?.list.code, 'unauthorized');
});

test('a Harbor that repeats a page is not followed for ever', async (t) => {
  const s = await start(t);
  if (!s) return;
  const projects = Array.from({ length: 100 }, (_, n) => ({ name: `p${n}`, metadata: {} }));
  const host = await serveInFront(t, s.server.host, (incoming, response) => {
    if (!incoming.url?.startsWith('/api/')) return false;
    const isProjects = incoming.url.startsWith('/api/v2.0/projects?');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(isProjects ? projects : []));
    return true;
  });
  await s.service.add(admin, { name: 'loop', kind: 'harbor', baseUrl: `http://${host}` });
  assert.deepEqual((await s.work()).toSorted(), ['probe succeeded', 'sync listing_endless']);
});

test('a closed catalogue still leaves what hooks and callers have told of', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  await s.push('team/app', a, 'v1');
  const host = await serveInFront(t, s.server.host, (incoming, response) => {
    if (!incoming.url?.startsWith('/v2/_catalog')) return false;
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"errors":[{"code":"DENIED","message":"no catalogue here"}]}');
    return true;
  });
  const registry = await s.service.add(admin, { name: 'closed', kind: 'oci', baseUrl: `http://${host}` });
  assert.deepEqual((await s.work()).toSorted(), ['probe succeeded', 'sync catalogue_closed']);
  const shown = await s.service.get(admin, registry.id);
  assert.equal(shown?.state, 'degraded');
  assert.match(shown?.stateReason ?? '', /does not list its repositories.*no catalogue here/);
  assert.deepEqual([shown?.abilities?.list.code, shown?.abilities?.push.state], ['catalogue_closed', 'unknown']);
  const announced = {
    registryInstanceId: registry.instanceId,
    repositoryExtId: null,
    namespace: 'team',
    name: 'app',
    tag: 'v1',
    digest: a.digest,
    updatedAt: null,
  };
  await s.service.announce(admin, [announced]);
  await s.work();
  await s.push('team/app', b, 'v1');
  await s.service.sync(admin, registry.id);
  assert.deepEqual(await s.work(), ['sync succeeded']);
  assert.deepEqual(await s.images(), [line('team/app:v1', b)]);
  assert.match((await s.service.get(admin, registry.id))?.stateReason ?? '', /does not list/);
});

test('a listing that lost a repository does not close it, one whose repository is gone does', async (t) => {
  const s = await start(t);
  if (!s) return;
  const a = image('a');
  for (const path of ['team/lost', 'team/gone', 'team/shown']) await s.push(path, a, 'v1');
  let hide = false;
  const host = await serveInFront(t, s.server.host, (incoming, response) => {
    if (!hide) return false;
    response.setHeader('content-type', 'application/json');
    if (incoming.url?.startsWith('/v2/_catalog')) response.end('{"repositories":["team/shown"]}');
    else if (incoming.url?.startsWith('/v2/team/gone/')) response.writeHead(404).end('{}');
    else return false;
    return true;
  });
  const registry = await s.service.add(admin, { name: 'lossy', kind: 'oci', baseUrl: `http://${host}` });
  await s.work();
  assert.equal((await s.images()).length, 3);
  hide = true;
  await s.service.sync(admin, registry.id);
  await s.work();
  assert.deepEqual(await s.images(), [line('team/lost:v1', a), line('team/shown:v1', a)]);
});

test('a registry that lies about content is refused for that repository, the others go on', async (t) => {
  const s = await start(t);
  if (!s) return;
  const [a, b] = [image('a'), image('b')];
  await s.push('team/good', a, 'v1');
  await s.push('team/lies', b, 'v1');
  const host = await serveInFront(t, s.server.host, (incoming, response) => {
    if (incoming.method !== 'GET' || !incoming.url?.startsWith('/v2/team/lies/manifests/')) return false;
    response.setHeader('content-type', a.mediaType).end(a.manifest);
    return true;
  });
  const registry = await s.service.add(admin, { name: 'liar', kind: 'oci', baseUrl: `http://${host}` });
  assert.ok((await s.work()).includes('sync succeeded'));
  assert.deepEqual(await s.images(), [line('team/good:v1', a)]);
  const shown = await s.service.get(admin, registry.id);
  assert.equal(shown?.state, 'degraded');
  assert.match(shown?.stateReason ?? '', /^1 of 2 repositories unread: team\/lies: /);
});
