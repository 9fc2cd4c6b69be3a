import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grant } from '../../../test/support/fake-access.ts';
import { nativeWorld } from '../../../test/support/native-world.ts';
import { builtInPolicies } from '../../access/index.ts';
import { defaultServerLimits } from '../http/options.ts';
import { nativeRoutes } from './routes.ts';

/** What each role may, by product.md §8; written by hand. Reads of the estate are `seeing`. */
const seeing = 'image finding scan fix registry decision export event schedule advisory project system'
  .split(' ')
  .map((resource) => `${resource}:read`)
  .join(' ');
const deciding = 'decision:write';
const fixing = 'scan:start scan:cancel fix:start fix:cancel';
const registries = 'registry:read registry:write registry:test registry:sync';
const schedules = 'schedule:read schedule:write fix:configure';
const roles: Readonly<Record<string, string>> = {
  viewer: `${seeing} export:write`,
  reader: `${seeing} export:write`,
  triager: `${seeing} export:write ${deciding}`,
  fixer: `${seeing} export:write ${fixing}`,
  promoter: `${seeing} export:write`,
  operator: `${seeing} export:write ${deciding} ${fixing}`,
  'project-admin': `${seeing} export:write ${deciding} ${fixing} ${registries} ${schedules}`,
  auditor: `${seeing} export:write audit:read user:read policy:read notification:read`,
  'platform-admin': `${registries} ${schedules} project:read project:write user:read user:write policy:read policy:write key:read key:write token:read token:write advisory:read advisory:update system:read audit:read notification:read notification:write`,
};

test('every role reaches exactly the routes that the product gives it', async (t) => {
  const world = await nativeWorld(t, { options: { limits: { ...defaultServerLimits, requestsPerSecond: 0 } } });
  for (const [role, allowed] of Object.entries(roles)) {
    const policy = builtInPolicies.find(({ name }) => name === role);
    assert.ok(policy, role);
    const token = world.token(role, [{ ...grant([]), policy }]);
    const actions = new Set(allowed.split(' ').map((action) => `drydock:${action}`));
    for (const route of nativeRoutes.filter(
      ({ access, path }) => access.startsWith('drydock:') && path !== '/events',
    )) {
      // Nothing that exists: behind the door every route answers 400 or 404, or lists.
      const url = `/api/v1${route.path.replace(/:\w+/g, '4711')}`;
      const answer = await world.server.app.inject({
        method: route.method,
        url,
        headers: { host: 'x', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      const denied = answer.statusCode === 403;
      assert.equal(denied, !actions.has(route.access), `${role}: ${route.method} ${route.path} ${answer.body}`);
    }
  }
});

test('every built-in role but the owner is in the table', () => {
  assert.deepEqual(builtInPolicies.map(({ name }) => name).sort(), [...Object.keys(roles), 'owner'].sort());
});
