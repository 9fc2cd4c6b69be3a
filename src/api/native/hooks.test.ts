import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeServices } from '../../../test/support/fake-services.ts';
import { nativeWorld } from '../../../test/support/native-world.ts';
import { type RegistryService, ServiceError } from '../../service/index.ts';

type Hook = Parameters<RegistryService['hook']>[0];

test('a hook is handed over as it came: bytes, headers, request id; no content type is refused', async (t) => {
  const seen: Hook[] = [];
  const fakes = createFakeServices();
  const registries: RegistryService = { ...fakes.services.registries, hook: async (input) => void seen.push(input) };
  const { server } = await nativeWorld(t, { world: { ...fakes, services: { ...fakes.services, registries } } });
  for (const type of ['application/vnd.docker.distribution.events.v1+json', 'application/json', undefined]) {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/v1/hooks/7',
      headers: { host: 'x', authorization: 'the-hook-secret', ...(type === undefined ? {} : { 'content-type': type }) },
      payload: '{ "events": [] }',
    });
    assert.deepEqual([answer.statusCode, answer.body], [202, '{"accepted":true}'], type);
    assert.equal(seen.at(-1)?.requestId, answer.headers['x-request-id']);
  }
  assert.equal(seen.length, 3);
  for (const { registryId, headers, body } of seen) {
    assert.equal(registryId, 7);
    assert.equal(headers.authorization, 'the-hook-secret');
    assert.equal(Buffer.from(body).toString(), '{ "events": [] }');
  }
});

test('refused hooks are told alike; large ones are refused before anybody looks at them', async (t) => {
  let asked = 0;
  const fakes = createFakeServices();
  const hook = async (): Promise<void> => {
    asked++;
    throw new ServiceError('hook_denied', 'The notification is not authenticated');
  };
  const services = { ...fakes.services, registries: { ...fakes.services.registries, hook } };
  const { server } = await nativeWorld(t, { world: { ...fakes, services } });
  const post = (url: string, payload: string) =>
    server.app.inject({ method: 'POST', url, headers: { host: 'x', 'content-type': 'application/json' }, payload });
  const denied = await post('/api/v1/hooks/1', '{}');
  assert.deepEqual([denied.statusCode, denied.json().code], [401, 'hook_denied']);
  assert.equal((await post('/api/v1/hooks/one', '{}')).statusCode, 400);
  const large = await post('/api/v1/hooks/1', 'x'.repeat(10 * 2 ** 20));
  assert.equal(large.statusCode, 413);
  assert.equal(asked, 1);
});
