import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grant } from '../../../test/support/fake-access.ts';
import { nativeWorld } from '../../../test/support/native-world.ts';
import type { PlanResult } from '../../service/index.ts';

const basic = { authorization: `Basic ${Buffer.from('AK1:secret-1').toString('base64')}`, host: 'x' };

const result: PlanResult = {
  verdict: { builds: true, code: null, message: null },
  advisories: { snapshot: 's', createdAt: '2026-11-01T00:00:00Z' },
  source: { reference: 'r', digest: 'd', platform: 'linux/amd64' },
  target: { reference: 'r:t', tag: 't' },
  totals: { requested: 1, fixed: 1, notAffected: 0, open: 0 },
  upgrades: [],
  outcomes: [{ id: 'CVE-1', severity: 'high', outcome: 'fixed', detail: null, packages: [] }],
  download: { packages: 1, bytes: 2 },
  layer: { bytes: 2, basis: 'package_files' },
  mirrors: [],
  unchanged: { config: ['Env'], layers: 3, replacesOwnLayer: false, otherPlatforms: [], sourceTag: 'v1' },
  warnings: [],
};

test('plans: one order each, its result once it is ready, and an order that can be posted again', async (t) => {
  const { server, estate, plans } = await nativeWorld(t);
  const [image] = estate.images;
  const post = (url: string, payload: object) =>
    server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: basic, payload });
  const get = async (url: string) => (await server.app.inject({ url: `/api/v1${url}`, headers: basic })).json();
  const ordered = await post('/fix-plans', { image: image?.uuid, allFixable: true });
  assert.equal(ordered.statusCode, 202, ordered.body);
  const plan = ordered.json();
  assert.equal((await get(`/fix-plans/${plan.id}`)).result, null);
  plans.results.set(plan.id, result);
  assert.deepEqual((await get(`/fix-plans/${plan.id}`)).result, result);
  assert.equal((await get(`/fix-plans?image=${image?.uuid}`)).total, 1);
  assert.equal((await get('/fix-plans?state=ready,expired')).total, 0);
  const again = await post('/fixes', { orders: [plan.order] });
  assert.equal(again.statusCode, 202, again.body);
  assert.equal(again.json().items[0].newTag, plan.order.newTag);
  const cancelled = await post(`/fix-plans/${plan.id}/cancel`, {});
  assert.deepEqual([cancelled.json().state, cancelled.json().reason.code], ['cancelled', 'cancelled']);
  for (const wrong of [{}, { records: [1], allFixable: true }]) {
    const refused = await post('/fix-plans', { image: image?.uuid, ...wrong });
    assert.deepEqual([refused.statusCode, refused.json().code], [400, 'invalid_field'], refused.body);
  }
});

test('trend and worklist: bounds, and only what belongs to the projects of the caller', async (t) => {
  const world = await nativeWorld(t);
  const ask = (url: string, headers: object = basic) =>
    world.server.app.inject({ url: `/api/v1${url}`, headers: { ...headers } });
  for (const days of ['0', '401', 'x', '-1', '1.5']) {
    const refused = await ask(`/statistics/trend?days=${days}`);
    assert.deepEqual([refused.statusCode, refused.json().field], [400, 'days']);
  }
  assert.deepEqual((await ask('/statistics/trend?days=400')).json(), { items: [] });
  assert.equal((await ask('/worklist')).json().groups[0].images, world.estate.images.length);
  const token = world.token('one', [grant(['drydock:image:read'], [1])]);
  const own = await ask('/worklist', { host: 'x', authorization: `Bearer ${token}` });
  const expected = world.estate.images.filter(({ repository }) => repository.projectId === 1).length;
  assert.equal(own.json().groups[0].images, expected);
});

test('a difference can be had as a file', async (t) => {
  const { server, estate, work } = await nativeWorld(t);
  const orders = [{ image: estate.images[0]?.uuid, allFixable: true }];
  await server.app.inject({ method: 'POST', url: '/api/v1/fixes', headers: basic, payload: { orders } });
  const id = work.fixes[0]?.id ?? '';
  const get = (url: string) => server.app.inject({ url: `/api/v1${url}`, headers: basic });
  const shown = await get(`/fixes/${id}/difference`);
  assert.deepEqual([shown.statusCode, shown.headers['content-disposition']], [200, undefined]);
  const file = await get(`/fixes/${id}/difference?download=true`);
  assert.equal(file.headers['content-disposition'], `attachment; filename="${id}-difference.json"`);
  assert.deepEqual(file.json(), shown.json());
  assert.equal((await get('/fixes/ivf-unknown/difference')).statusCode, 404);
});
