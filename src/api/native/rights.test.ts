import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grant } from '../../../test/support/fake-access.ts';
import { createFakeServices } from '../../../test/support/fake-services.ts';
import { type NativeWorld, nativeWorld } from '../../../test/support/native-world.ts';
import type { Call, ProjectScope, Services } from '../../service/index.ts';
import { actionsOf } from './actions.ts';
import type { Route } from './route.ts';
import { nativeRoutes } from './routes.ts';

const decision = { scope: { kind: 'global' }, vulnerabilities: ['CVE-1'], reason: 'r' };
/** Bodies that pass validation, so that a refusal can only come from rights. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /session': { name: 'nobody', password: 'x' },
  'POST /scans': { q: 'image.current:true' },
  'POST /scans/preview': { q: 'image.current:true' },
  'POST /fixes': { orders: [{ image: 'f'.repeat(32), allFixable: true }] },
  'POST /fix-plans': { image: 'f'.repeat(32), allFixable: true },
  'PATCH /fix-cycle': { enabled: false },
  'POST /registries': { name: 'new', baseUrl: 'https://new.example', kind: 'oci' },
  'PATCH /registries/:id': { name: 'other' },
  'POST /decisions': decision,
  'POST /decisions/preview': decision,
  'PATCH /decisions/:id': { reason: 'other' },
  'POST /exports': { format: 'csv' },
  'POST /users': { name: 'new' },
  'PATCH /users/:id': { disabled: true },
  'PUT /users/:id/grants': { grants: [] },
  'PATCH /keys/:keyId': { active: false },
  'POST /users/:id/tokens': { name: 'robot', expiresAt: '2027-01-01T00:00:00Z' },
  'POST /users/:id/temporary-keys': { name: 'robot', durationSeconds: 900 },
  'PUT /policies/:name': { statements: [{ effect: 'Allow', actions: ['drydock:image:read'] }] },
  'POST /projects': { name: 'new' },
  'PATCH /projects/:id': { name: 'other' },
  'POST /notification-channels': {
    name: 'new',
    target: { kind: 'slack', url: 'https://hooks.example/x' },
    events: ['scan.failed'],
  },
  'PATCH /notification-channels/:id': { enabled: false },
  'PATCH /schedules/:name': { enabled: false },
};

const parameters: Readonly<Record<string, string>> = {
  uuid: 'f'.repeat(32),
  format: 'cyclonedx',
  key: 'CVE-0000-0000',
  id: '4711',
  registryId: '4711',
  keyId: 'none',
  tokenId: '4711',
  name: 'none',
};

/** Everything that a service is asked, with the projects that the API let it see. */
function recording(services: Services, seen: ProjectScope[]): Services {
  const watched = Object.entries(services).map(([name, service]) => {
    const proxy = new Proxy(service as object, {
      get: (target, property) => {
        const member = Reflect.get(target, property) as (...given: unknown[]) => unknown;
        return (...given: unknown[]) => {
          const call = given[0] as Call | undefined;
          if (call?.projects !== undefined) seen.push(call.projects);
          return member.apply(target, given);
        };
      },
    });
    return [name, proxy];
  });
  return Object.fromEntries(watched) as Services;
}

async function ask(world: NativeWorld, route: Route, token: string | undefined, values = parameters) {
  const path = route.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(values[name] ?? 'none'));
  const body = bodies[`${route.method} ${route.path}`];
  return world.server.app.inject({
    method: route.method,
    url: `/api/v1${path}`,
    headers: { host: 'x', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { payload: body as object }),
  });
}

const guarded = nativeRoutes.filter(({ access }) => access.startsWith('drydock:'));
const plain = guarded.filter(({ path }) => path !== '/events');

test('every route refuses everybody who is not signed in, and everybody without its right', async (t) => {
  const world = await nativeWorld(t);
  for (const route of nativeRoutes.filter(({ access }) => access !== 'public')) {
    const name = `${route.method} ${route.path}`;
    const stranger = await ask(world, route, undefined);
    assert.deepEqual([stranger.statusCode, stranger.json().code], [401, 'unauthenticated'], name);
  }
  for (const route of guarded) {
    // All rights but the one that the route needs.
    const others = actionsOf().filter((action) => action !== route.access);
    const token = world.token('almost', [grant(others)]);
    const answer = await ask(world, route, token);
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'denied'], `${route.method} ${route.path}`);
    const denied = world.token('denied', [grant(['*']), grant([route.access], 'all', 'Deny')]);
    assert.equal((await ask(world, route, denied)).statusCode, 403, `${route.method} ${route.path}`);
  }
});

test('what belongs to no project needs the right for all projects', async (t) => {
  const world = await nativeWorld(t);
  const token = world.token('local', [grant(['*'], [1, 2])]);
  for (const route of plain.filter(({ global }) => global === true)) {
    const answer = await ask(world, route, token);
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'denied'], `${route.method} ${route.path}`);
  }
});

test('services see exactly the projects of the right that the route needs, never those of another right', async (t) => {
  const fakes = createFakeServices();
  const seen: ProjectScope[] = [];
  const world = await nativeWorld(t, { world: { ...fakes, services: recording(fakes.services, seen) } });
  let asked = 0;
  for (const route of plain.filter(({ global }) => global !== true)) {
    const others = actionsOf().filter((action) => action !== route.access);
    const token = world.token('mixed', [grant([route.access], [2]), grant(others, 'all')]);
    seen.length = 0;
    await ask(world, route, token);
    for (const projects of seen) assert.deepEqual(projects, [2], `${route.method} ${route.path}`);
    asked += seen.length;
  }
  assert.ok(asked > 30, `${asked} questions`);
});

test('objects of other projects are answered like objects that do not exist, by every route', async (t) => {
  const world = await nativeWorld(t);
  const { estate, server, work } = world;
  const foreign = estate.images.find((image) => image.repository.projectId === 2);
  assert.ok(foreign);
  const own = { host: 'x', authorization: `Bearer ${world.token('two', [grant(['*'], [2])])}` };
  const orders = [{ image: foreign.uuid, allFixable: true }];
  await server.app.inject({ method: 'POST', url: '/api/v1/fixes', headers: own, payload: { orders } });
  await server.app.inject({ method: 'POST', url: '/api/v1/exports', headers: own, payload: { format: 'csv' } });
  await server.app.inject({ method: 'POST', url: '/api/v1/fix-plans', headers: own, payload: orders[0] ?? {} });
  const fix = work.fixes[0]?.id ?? '';
  const ids: Readonly<Record<string, string>> = {
    images: foreign.uuid,
    fixes: fix,
    'fix-plans': world.plans.tasks[0]?.id ?? '',
    registries: '2',
    exports: world.exports[0]?.id ?? '',
  };
  const token = world.token('one', [grant(['*'], [1])]);
  const watched = plain.filter(
    (route) => route.global !== true && /^\/(images|fixes|fix-plans|registries|exports)\/:/.test(route.path),
  );
  assert.ok(watched.length >= 18, `${watched.length}`);
  for (const route of watched) {
    const name = `${route.method} ${route.path}`;
    const id = ids[route.path.split('/')[1] ?? ''] ?? '';
    const absent = id.replace(/[0-9a-f]/g, (digit) => (digit === '9' ? '8' : '9'));
    const there = await ask(world, route, token, { ...parameters, id, uuid: id });
    const nowhere = await ask(world, route, token, { ...parameters, id: absent, uuid: absent });
    assert.equal(there.statusCode, 404, `${name}: ${there.body}`);
    const { requestId: _one, ...left } = there.json();
    const { requestId: _two, ...right } = nowhere.json();
    assert.deepEqual(left, right, name);
    assert.deepEqual(Object.keys(there.headers).sort(), Object.keys(nowhere.headers).sort(), name);
  }
  // Lists and orders: nothing of the other project, and no difference either.
  const headers = { host: 'x', authorization: `Bearer ${token}` };
  for (const url of ['/images?q=uuid:', '/findings?q=uuid:'].map((start) => start + foreign.uuid)) {
    assert.deepEqual((await server.app.inject({ url: `/api/v1${url}`, headers })).json().items, [], url);
  }
  const order = (image: string) =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/fixes',
      headers,
      payload: { orders: [{ image, allFixable: true }] },
    });
  const [ordered, unknown] = [await order(foreign.uuid), await order('0'.repeat(32))];
  assert.deepEqual([ordered.statusCode, ordered.json().detail], [unknown.statusCode, unknown.json().detail]);
  assert.equal(work.fixes.length, 1);
});
