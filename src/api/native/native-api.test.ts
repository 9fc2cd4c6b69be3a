import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grant } from '../../../test/support/fake-access.ts';
import { nativeWorld, ownerPassword } from '../../../test/support/native-world.ts';

const basic = { authorization: `Basic ${Buffer.from('AK1:secret-1').toString('base64')}`, host: 'x' };

test('images: pages, filters, facets, detail, history, packages', async (t) => {
  const { server } = await nativeWorld(t);
  const get = async (url: string) => (await server.app.inject({ url: `/api/v1${url}`, headers: basic })).json();
  const first = await get('/images?limit=2&sort=id');
  assert.equal(first.items.length, 2);
  assert.equal(first.total, 5);
  const second = await get(`/images?limit=2&sort=id&cursor=${encodeURIComponent(first.next)}`);
  assert.equal(new Set([...first.items, ...second.items].map(({ uuid }: { uuid: string }) => uuid)).size, 4);
  const filtered = await get('/images?q=repository:shop/worker');
  assert.deepEqual(filtered.items.map(({ tag }: { tag: string }) => tag).sort(), ['7', '8']);
  const [image] = first.items;
  assert.match(image.since, /^2026-11-\d\dT.*Z$/);
  assert.equal((await get(`/images/${image.uuid}`)).reference, image.reference);
  assert.equal((await get('/images/facets')).images, 5);
  assert.ok(Array.isArray((await get(`/images/${image.uuid}/tags`)).items));
  assert.ok((await get(`/images/${image.uuid}/packages`)).total >= 0);
  assert.equal((await get('/findings?q=vuln:CVE-2026-0001')).total, 3);
  assert.equal((await get('/findings/count?q=vuln:CVE-2026-0001')).count, 3);
  assert.equal((await get('/vulnerabilities/CVE-2026-0001')).id, 'CVE-2026-0001');
});

test('what is wrong is said with its field', async (t) => {
  const { server } = await nativeWorld(t);
  const cases: [string, string, string][] = [
    ['/images?limit=1000000000', 'invalid_field', 'limit'],
    ['/images?limit=0', 'invalid_field', 'limit'],
    ['/images?limit=-1', 'invalid_field', 'limit'],
    ['/images?limit=abc', 'invalid_field', 'limit'],
    ['/images?limit=1&limit=2', 'invalid_field', 'limit'],
    ['/images?sort=sev;drop%20table', 'invalid_field', 'sort'],
    ['/images?severty=high', 'invalid_field', 'severty'],
    ['/images?q=severity:', 'filter_syntax', 'q'],
    ['/images?q=colour:red', 'filter_field', 'q'],
    ['/images?q=severity:red', 'filter_value', 'q'],
    ['/images/not-a-uuid', 'invalid_field', 'uuid'],
    ['/registries/9007199254740993', 'invalid_field', 'id'],
  ];
  for (const [url, code, field] of cases) {
    const answer = await server.app.inject({ url: `/api/v1${url}`, headers: basic });
    assert.equal(answer.statusCode, 400, url);
    assert.equal(answer.headers['content-type'], 'application/problem+json', url);
    assert.equal(answer.json().code, code, `${url} ${answer.body}`);
    assert.equal(answer.json().field, field, `${url} ${answer.body}`);
    assert.equal(answer.json().requestId, answer.headers['x-request-id']);
  }
});

test('members that nobody may set are refused, and so is what is not JSON', async (t) => {
  const { server } = await nativeWorld(t);
  const post = (payload: string, headers = {}) =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/registries',
      headers: { ...basic, 'content-type': 'application/json', ...headers },
      payload,
    });
  const assigned = await post('{"name":"a","baseUrl":"https://a","kind":"oci","instanceId":"cri-x"}');
  assert.deepEqual([assigned.statusCode, assigned.json().field], [400, 'instanceId']);
  const polluted = await post('{"name":"a","baseUrl":"https://a","kind":"oci","__proto__":{"projectId":2}}');
  assert.equal(polluted.statusCode, 400);
  assert.equal((await post('{"name":')).json().code, 'json_invalid');
  assert.equal((await post(`${'['.repeat(500)}${']'.repeat(500)}`)).json().code, 'json_too_deep');
  assert.equal((await post('name=a', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode, 415);
  assert.equal((await post(`{"name":"${'a'.repeat(2 ** 20)}"}`)).statusCode, 413);
});

test('wrong, missing and unknown credentials are told alike; failures are counted', async (t) => {
  const { server, access } = await nativeWorld(t);
  const ask = async (authorization: string | undefined) => {
    const headers = authorization === undefined ? { host: 'x' } : { host: 'x', authorization };
    return server.app.inject({ url: '/api/v1/me', headers });
  };
  const of = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const [wrong, unknown] = [await ask(of('AK1:wrong')), await ask(of('AK9:wrong'))];
  assert.equal(wrong.statusCode, 401);
  assert.equal(wrong.json().detail, unknown.json().detail);
  assert.deepEqual(access.reports, [
    { accessKeyId: 'AK1', success: false },
    { accessKeyId: 'AK9', success: false },
  ]);
  for (const text of [undefined, 'Bearer none', 'Digest x', `Bearer ${'a'.repeat(100_000)}`]) {
    assert.equal((await ask(text)).statusCode, 401, text?.slice(0, 20));
  }
  access.lockedMs = 30_000;
  const locked = await ask(of('AK1:secret-1'));
  assert.equal(locked.statusCode, 429);
  assert.equal(locked.headers['retry-after'], '30');
});

test('a browser session: cookie, CSRF token for every change, sign-out', async (t) => {
  const { server, signedOut } = await nativeWorld(t);
  const signIn = await server.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { host: 'x' },
    payload: { name: 'owner', password: ownerPassword },
  });
  assert.equal(signIn.statusCode, 201);
  const cookie = String(signIn.headers['set-cookie']);
  assert.match(cookie, /^drydock_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=86400$/);
  assert.equal(signIn.json().token, undefined);
  const headers = { host: 'x', cookie: cookie.split(';')[0] ?? '' };
  const session = await server.app.inject({ url: '/api/v1/session', headers });
  assert.equal(session.json().csrfToken, signIn.json().csrfToken);
  assert.equal(session.json().me.rights['drydock:image:read'], 'all');
  for (const token of [undefined, 'x', `${signIn.json().csrfToken}x`]) {
    const shown = token === undefined ? headers : { ...headers, 'x-csrf-token': token };
    const refused = await server.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: shown });
    assert.equal(refused.json().code, 'csrf_missing');
  }
  const out = await server.app.inject({
    method: 'DELETE',
    url: '/api/v1/session',
    headers: { ...headers, 'x-csrf-token': signIn.json().csrfToken },
  });
  assert.equal(out.statusCode, 204);
  assert.match(String(out.headers['set-cookie']), /Max-Age=0/);
  assert.deepEqual(signedOut, [headers.cookie.split('=')[1]]);
  const wrong = { name: 'owner', password: 'wrong' };
  const refused = await server.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { host: 'x' },
    payload: wrong,
  });
  assert.deepEqual([refused.statusCode, refused.json().code], [401, 'bad_credentials']);
  const foreign = await server.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { host: 'x', 'sec-fetch-site': 'cross-site' },
    payload: { name: 'owner', password: ownerPassword },
  });
  assert.equal(foreign.statusCode, 403);
});

test('an Idempotency-Key: one effect, the same answer, waiting duplicates, no second use', async (t) => {
  const { server, work, estate } = await nativeWorld(t);
  const uuids = [estate.images[0]?.uuid];
  const post = (key: string, payload: object) =>
    server.app.inject({ method: 'POST', url: '/api/v1/scans', headers: { ...basic, 'idempotency-key': key }, payload });
  const answers = await Promise.all([post('k1', { uuids }), post('k1', { uuids }), post('k1', { uuids })]);
  assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([202]));
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
  assert.equal(work.scans.length, 1);
  assert.equal(answers[2]?.headers['idempotency-replayed'], 'true');
  assert.equal(answers[2]?.headers.location, answers[0]?.headers.location);
  const other = await post('k1', { uuids, force: true });
  assert.deepEqual([other.statusCode, other.json().code], [422, 'idempotency_key_reused']);
  assert.equal((await post('k2', { uuids })).statusCode, 202);
  assert.equal(work.scans.length, 2);
  assert.equal((await post('ä', { uuids })).statusCode, 400);
});

test('secrets are shown once, also to a repeated request', async (t) => {
  const { server } = await nativeWorld(t);
  const post = () =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/users/1/keys',
      headers: { ...basic, 'idempotency-key': 'once' },
    });
  const first = await post();
  assert.equal(first.statusCode, 201);
  assert.equal(first.json().secret, 'the-secret-of-ak2');
  const second = await post();
  assert.deepEqual([second.statusCode, second.json().code], [409, 'secret_shown_once']);
});

test('entity tags: nothing new is 304, a change on old ground is 412', async (t) => {
  const { server } = await nativeWorld(t);
  const url = '/api/v1/registries/1';
  const read = await server.app.inject({ url, headers: basic });
  const etag = String(read.headers.etag);
  assert.equal(read.json().hasPassword, true);
  assert.equal(read.json().vendor, undefined);
  assert.equal((await server.app.inject({ url, headers: { ...basic, 'if-none-match': etag } })).statusCode, 304);
  const patch = (name: string) =>
    server.app.inject({ method: 'PATCH', url, headers: { ...basic, 'if-match': etag }, payload: { name } });
  const both = await Promise.all([patch('left'), patch('right')]);
  assert.deepEqual(both.map(({ statusCode }) => statusCode).sort(), [200, 412]);
  const now = await server.app.inject({ url, headers: basic });
  assert.equal(both.find(({ statusCode }) => statusCode === 200)?.headers.etag, now.headers.etag);
});

test('what is recorded holds no secret, and neither does the log', async (t) => {
  const { server, lines, audit } = await nativeWorld(t);
  const canary = 'canary-7f3a9';
  await server.app.inject({
    method: 'POST',
    url: `/api/v1/registries?token=${canary}&x=${canary.repeat(9)}`,
    headers: { ...basic, 'x-acs-security-token': canary, cookie: `drydock_session=${canary}` },
    payload: { name: 'n', baseUrl: 'https://r.example', kind: 'oci', password: canary },
  });
  await server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { name: 'owner', password: canary } });
  await server.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${canary}`, host: 'x' } });
  assert.ok(lines.length >= 3);
  for (const line of lines) {
    assert.equal(line.trim().split('\n').length, 1);
    assert.doesNotMatch(line, new RegExp(canary));
  }
  assert.doesNotMatch(JSON.stringify(audit.entries), new RegExp(canary));
});

test('fixes: one answer for several images; orders that contradict themselves are refused', async (t) => {
  const { server, estate, work } = await nativeWorld(t);
  const uuid = estate.images[0]?.uuid;
  const post = (orders: object[]) =>
    server.app.inject({ method: 'POST', url: '/api/v1/fixes', headers: basic, payload: { orders } });
  const made = await post([{ image: uuid, records: [101, 102] }]);
  assert.equal(made.statusCode, 202, made.body);
  const [task] = made.json().items;
  assert.equal(task.requestId, made.headers['x-request-id']);
  const byRequest = await server.app.inject({ url: `/api/v1/fixes?requestId=${task.requestId}`, headers: basic });
  assert.equal(byRequest.json().items[0].id, task.id);
  assert.equal((await post([{ image: uuid }])).json().field, 'orders.0');
  assert.equal((await post([{ image: uuid, records: [1], allFixable: true }])).statusCode, 400);
  assert.equal(work.fixes.length, 1);
});

test('throttled callers are told how long to wait', async (t) => {
  const { server, access } = await nativeWorld(t);
  access.throttleMs = 1500;
  const answer = await server.app.inject({ url: '/api/v1/me', headers: basic });
  assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [429, '2']);
});

test('a decision on everything everywhere is refused; projects of others are unknown', async (t) => {
  const { server, token } = await nativeWorld(t);
  const bearer = token('triager', [grant(['drydock:decision:*'], [1])]);
  const post = (payload: object) =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/decisions',
      headers: { host: 'x', authorization: `Bearer ${bearer}` },
      payload: { reason: 'r', ...payload },
    });
  assert.equal((await post({ scope: { kind: 'global' } })).json().field, 'vulnerabilities');
  const foreign = await post({ scope: { kind: 'global' }, vulnerabilities: ['CVE-1'], projectId: 2 });
  const unknown = await post({ scope: { kind: 'global' }, vulnerabilities: ['CVE-1'], projectId: 99 });
  assert.deepEqual([foreign.statusCode, foreign.json().detail], [unknown.statusCode, unknown.json().detail]);
});
