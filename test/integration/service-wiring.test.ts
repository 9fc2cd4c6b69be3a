import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLogger } from '../../src/api/index.ts';
import { openApplication } from '../../src/app/service/application.ts';
import { jobHandlers } from '../../src/app/service/handlers.ts';
import { serviceOptions } from '../../src/app/service/options.ts';
import { readSettings } from '../../src/app/settings.ts';
import { effectiveSettings } from '../../src/cli/service/settings.ts';
import type { Digest } from '../../src/image/index.ts';
import type { ClaimedJob } from '../../src/jobs/index.ts';
import type { Call } from '../../src/service/index.ts';

const call: Call = {
  projects: 'all',
  actor: { name: 'ann', userId: 1, accessKeyId: null, address: null, requestId: randomUUID() },
  signal: new AbortController().signal,
};

async function world(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-wiring-'));
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const env = { DRYDOCK_DATA_DIR: directory, DRYDOCK_CACHE_DIR: join(directory, 'cache') };
  const settings = await readSettings(env);
  const options = await serviceOptions(effectiveSettings({}, env, {}), settings);
  const logger = createLogger({ level: 'error' });
  const application = await openApplication(settings, options, { logger, wake: () => {} });
  const actions = async () =>
    (await application.access.admin.audit({ before: null, limit: 20 })).map(({ action }) => action).reverse();
  return { settings, options, application, actions };
}

test('tidying ends decisions whose time has passed and records it', async (t) => {
  const { settings, options, application, actions } = await world(t);
  await using _ = application;
  const { store, services } = application;
  const rule = await services.decisions.add(call, {
    ...{ kind: 'ignore', vulnerabilities: ['CVE-2024-1'], findingKind: null, scope: { kind: 'global' }, reason: '' },
    ...{ expiresAt: Date.now() + 300, expiresWhen: 'none', source: 'api', title: null },
  });
  const handlers = await jobHandlers({
    settings,
    options,
    store,
    runFixCycle: async () => {},
    recordDay: async () => {},
  });
  const retention = handlers.find(({ kind }) => kind === 'retention');
  assert.ok(retention);
  const tidy = () =>
    retention.run({ payload: {} } as ClaimedJob, { signal: call.signal, progress: () => {}, held: async () => true });
  await tidy();
  assert.equal((await store.findings.rule(rule.id))?.endedAt, null);
  await new Promise((resolve) => setTimeout(resolve, 350));
  await tidy();
  assert.notEqual((await store.findings.rule(rule.id))?.endedAt, null);
  await tidy();
  assert.deepEqual(
    (await actions()).filter((action) => action.startsWith('decision.')),
    ['decision.add', 'decision.expire'],
  );
});

test('tidying bounds the cache of layer analyses too', async (t) => {
  const { settings, options, application } = await world(t);
  await using _ = application;
  const folder = join(settings.cacheDirectory, 'layers');
  await mkdir(folder, { recursive: true });
  const [abandoned, underWay] = [join(folder, 'incoming-old'), join(folder, 'incoming-new')];
  for (const path of [abandoned, underWay]) await writeFile(path, 'half an entry');
  const dayAgo = new Date(Date.now() - 86_400_000);
  await utimes(abandoned, dayAgo, dayAgo);
  const handlers = await jobHandlers({
    settings,
    options,
    store: application.store,
    runFixCycle: async () => {},
    recordDay: async () => {},
  });
  const retention = handlers.find(({ kind }) => kind === 'retention');
  assert.ok(retention);
  await retention.run({ payload: {} } as ClaimedJob, {
    ...{ signal: call.signal, progress: () => {}, held: async () => true },
  });
  await assert.rejects(access(abandoned), { code: 'ENOENT' });
  await access(underWay);
});

test('removing a registry calls off the scans of its images', async (t) => {
  const { application, actions } = await world(t);
  await using _ = application;
  const { store, services } = application;
  const registry = await services.registries.add(call, {
    ...{ name: 'main', kind: 'static', baseUrl: 'https://registry.example', references: ['team/app:v1'] },
  });
  const [repository] = await store.inventory.seeRepositories(registry.id, [{ path: 'team/app', public: false }], 1, 1);
  assert.ok(repository);
  const digest: Digest = `sha256:${'a'.repeat(64)}`;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const platform = { os: 'linux', arch: 'amd64', variant: null, createdAt: null, size: null };
  const image = { digest, mediaType, manifestSize: 1, configDigest: null, ...platform, refused: null };
  const { opened } = await store.inventory.applyTags(
    repository.id,
    [{ tag: 'v1', root: { digest, kind: 'image', mediaType, size: 1, images: [image] }, observedAt: 1 }],
    { source: 'poll', actor: null },
  );
  const task = await services.scans.start(call, { uuids: opened, source: 'openapi' });
  assert.deepEqual([task?.total, task?.state], [1, 'queued']);
  assert.equal(await services.registries.remove(call, registry.id), true);
  const ended = await services.scans.get(call, task?.id ?? '');
  assert.deepEqual([ended?.state, ended?.failed], ['finished', 1]);
  assert.deepEqual(await store.queue.list({ kind: 'scan', states: ['queued', 'running'], limit: 5 }), []);
  const changes = ['registry.add', 'scan.start', 'registry.remove'];
  assert.deepEqual(
    (await actions()).filter((action) => action.startsWith('registry.') || action.startsWith('scan.')),
    changes,
    'each once',
  );
});
