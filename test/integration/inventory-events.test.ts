import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRegistry, type Digest } from '../../src/image/index.ts';
import { createConnectors } from '../../src/inventory/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { createFixResults } from '../../src/service/registries/index.ts';
import { sqliteTarget } from '../support/databases.ts';
import { startDockerRegistry } from '../support/docker-registry.ts';
import { serveHttp } from '../support/http-server.ts';
import { admin, openInventoryWorld, toySealer } from '../support/inventory-world.ts';
import { needs } from '../support/system.ts';
import { buildTestImage, buildTestIndex, type TestImage, tar } from '../support/test-image.ts';

const signal = AbortSignal.timeout(120_000);
const image = (text: string, architecture = 'amd64'): TestImage =>
  buildTestImage([tar({ 'etc/hostname': text })], { config: { architecture } });

async function push(
  host: string,
  path: string,
  what: Pick<TestImage, 'manifest' | 'mediaType' | 'digest'> & { readonly blobs?: TestImage['blobs'] },
  tag?: string,
): Promise<void> {
  await using client = createRegistry();
  const repository = client.repository({ registry: host, repository: path });
  for (const [digest, bytes] of what.blobs ?? []) {
    const descriptor = { digest: digest as Digest, size: bytes.length };
    await repository.putBlob(descriptor, async () => Readable.from([bytes]), { signal });
  }
  await repository.putManifest(what.manifest, what.mediaType, signal);
  if (tag !== undefined) await repository.putTag(tag, { ...what, bytes: what.manifest }, signal);
}

test('what docker-registry itself sends leads to the pushed image', async (t) => {
  const programs = needs(t, 'docker-registry');
  if (!programs) return;
  const world = await openInventoryWorld(t, await sqliteTarget(t));
  const received: string[] = [];
  let secret = '';
  let registryId = 0;
  const url = await serveHttp(t, (request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      received.push(request.headers['content-type'] ?? '');
      const headers = { ...request.headers, authorization: `${request.headers.authorization} ${secret}` } as never;
      await world.service.hook({ registryId, headers, body: Buffer.concat(parts), requestId: 'r' }).then(
        () => response.writeHead(204).end(),
        () => response.writeHead(401).end(),
      );
    })();
  });
  await using server = await startDockerRegistry({
    program: programs['docker-registry'],
    hook: { url, authorization: 'Bearer' },
  });
  const registry = await world.service.add(admin, { name: 'main', kind: 'oci', baseUrl: `http://${server.host}` });
  registryId = registry.id;
  ({ secret } = await world.service.rotateHookSecret(admin, registry.id));
  await world.work();
  const a = image('a');
  await push(server.host, 'team/app', a, 'v1');
  for (let wait = 0; wait < 100 && (await world.store.findImages({ current: true }, 1)).length === 0; wait++) {
    await delay(100);
    await world.work();
  }
  const [found] = await world.store.findImages({ current: true }, 1);
  assert.equal(found?.digest, a.digest);
  assert.ok(received.includes('application/vnd.docker.distribution.events.v1+json'));
  const [event] = await world.store.tagHistory(found?.repository.id ?? 0, 'v1', 1);
  assert.equal(event?.source, 'push');
});

test('the result of a fix has its lineage, for each platform, also when a poll came first or the tag has moved', async (t) => {
  const programs = needs(t, 'docker-registry');
  if (!programs) return;
  const world = await openInventoryWorld(t, await sqliteTarget(t));
  await using server = await startDockerRegistry({ program: programs['docker-registry'] });
  const [amd, arm, fixedAmd, fixedArm, later] = [
    image('amd'),
    image('arm', 'arm64'),
    image('fixed amd'),
    image('fixed arm', 'arm64'),
    image('later'),
  ] as const;
  const platforms = (a: TestImage, b: TestImage) =>
    buildTestIndex([
      { image: a, platform: { os: 'linux', architecture: 'amd64' } },
      { image: b, platform: { os: 'linux', architecture: 'arm64' } },
    ]);
  const [before, after] = [platforms(amd, arm), platforms(fixedAmd, fixedArm)];
  for (const each of [amd, arm, fixedAmd, fixedArm, later]) await push(server.host, 'team/app', each);
  await push(server.host, 'team/app', before, 'v1');
  const registry = await world.service.add(admin, { name: 'main', kind: 'oci', baseUrl: `http://${server.host}` });
  await world.work();
  const results = createFixResults({
    store: world.store,
    connectors: createConnectors({
      sealer: toySealer,
      clock: systemClock,
      userAgent: 'drydock-test',
      allowedAddresses: ['127.0.0.0/8'],
    }),
  });
  const [source] = await world.store.findImages({ digest: amd.digest }, 1);
  assert.ok(source);
  await push(server.host, 'team/app', after, 'v1_fix');
  await world.service.sync(admin, registry.id);
  await world.work();
  const result = { source, tag: 'v1_fix', root: after, actor: 'jane', at: Date.now() };
  const first = await results.recordFixResult(result, signal);
  assert.deepEqual([first.digest, first.tag, first.fixedFrom], [fixedAmd.digest, 'v1_fix', source.uuid]);
  assert.deepEqual((await results.recordFixResult(result, signal)).uuid, first.uuid, 'repeating it changes nothing');
  const [other] = await world.store.findImages({ digest: fixedArm.digest }, 1);
  const [sibling] = await world.store.findImages({ digest: arm.digest }, 1);
  assert.equal(other?.fixedFrom, sibling?.uuid);
  // Somebody moves another tag right behind the fix, and a poll sees that before the result is entered.
  await push(server.host, 'team/app', later, 'v2_fix');
  const at = Date.now() - 5000;
  await world.service.sync(admin, registry.id);
  await world.work();
  const moved = await results.recordFixResult({ ...result, tag: 'v2_fix', at }, signal);
  assert.deepEqual([moved.digest, moved.tag, moved.fixedFrom], [fixedAmd.digest, null, source.uuid]);
  const [current] = await world.store.findImages({ tag: 'v2_fix', current: true }, 1);
  assert.equal(current?.digest, later.digest);
});
