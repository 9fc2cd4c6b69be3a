import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessWorld } from '../support/access-world.ts';
import { forEachDatabase } from '../support/databases.ts';
import { nativeWorld } from '../support/native-world.ts';

const at = new Date('2026-11-20T16:47:35Z');

forEachDatabase('the native API over real access', (open) => {
  test('from the first key to a user with a session, a key, a token and a place in the audit log', async (t) => {
    const { access, clock } = await accessWorld(t, open);
    clock.now = at.getTime();
    const { control, admin, audit } = access;
    const { server } = await nativeWorld(t, { deps: { access: control, admin, audit } });
    const ask = async (
      method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
      url: string,
      headers: object,
      payload?: object,
    ) => {
      const answer = await server.app.inject({
        method,
        url: `/api/v1${url}`,
        headers: { host: 'x', ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
      return {
        status: answer.statusCode,
        json: answer.body === '' ? undefined : answer.json(),
        headers: answer.headers,
      };
    };
    const basic = (id: string, secret: string) => ({
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    });
    const first = basic('TESTADMIN', 'test-admin-secret');
    const project = await ask('POST', '/projects', first, { name: 'shop' });
    assert.equal(project.status, 201);
    const added = await ask('POST', '/users', first, { name: 'vera', password: 'a long enough password' });
    assert.equal(added.status, 201, JSON.stringify(added.json));
    const { id } = added.json;
    assert.equal((await ask('POST', '/users', first, { name: 'vera' })).json.code, 'access_name_taken');
    const grants = [{ policy: 'viewer', projects: [project.json.id] }];
    assert.equal((await ask('PUT', `/users/${id}/grants`, first, { grants })).status, 200);

    const signIn = await ask('POST', '/session', {}, { name: 'vera', password: 'a long enough password' });
    assert.equal(signIn.status, 201, JSON.stringify(signIn.json));
    assert.deepEqual(signIn.json.me.rights['drydock:image:read'], [project.json.id]);
    assert.equal(signIn.json.me.rights['drydock:scan:start'], undefined);
    const cookie = { cookie: String(signIn.headers['set-cookie']).split(';')[0] };
    assert.equal((await ask('GET', '/images', cookie)).status, 200);
    assert.equal((await ask('GET', '/users', cookie)).status, 403);
    assert.equal((await ask('DELETE', '/session', cookie)).json.code, 'csrf_missing');
    const csrf = { ...cookie, 'x-csrf-token': signIn.json.csrfToken };
    assert.equal((await ask('DELETE', '/session', csrf)).status, 204);
    assert.equal((await ask('GET', '/images', cookie)).status, 401);

    const key = await ask('POST', `/users/${id}/keys`, first, {});
    assert.equal((await ask('GET', '/me', basic(key.json.key.id, key.json.secret))).json.name, 'vera');
    assert.equal((await ask('PATCH', `/keys/${key.json.key.id}`, first, { active: false })).status, 200);
    assert.equal((await ask('GET', '/me', basic(key.json.key.id, key.json.secret))).status, 401);
    const wanted = {
      name: 'ci',
      expiresAt: '2026-12-01T00:00:00Z',
      statements: [{ effect: 'Allow', actions: ['drydock:image:read'] }],
    };
    const token = await ask('POST', `/users/${id}/tokens`, first, wanted);
    assert.equal(token.status, 201, JSON.stringify(token.json));
    const bearer = { authorization: `Bearer ${token.json.secret}` };
    assert.equal((await ask('GET', '/images', bearer)).status, 200);
    assert.equal((await ask('GET', '/findings', bearer)).status, 403);
    assert.equal((await ask('DELETE', `/users/${id}/tokens/${token.json.token.id}`, first)).status, 204);
    assert.equal((await ask('GET', '/images', bearer)).status, 401);

    const owner = (await ask('GET', '/users', first)).json.items.find((user: { id: number }) => user.id !== id);
    assert.equal((await ask('DELETE', `/users/${owner.id}`, first)).json.code, 'last_owner');
    assert.equal(
      (await ask('PUT', '/policies/viewer', first, { statements: wanted.statements })).json.code,
      'built_in_policy',
    );
    const vendor = { Effect: 'Deny', Action: 'yundun-sas:OperateImageVul', Resource: '*' };
    const document = await ask('PUT', '/policies/no-fix', first, { Version: '1', Statement: [vendor] });
    assert.deepEqual(document.json.statements, [{ effect: 'Deny', actions: ['yundun-sas:OperateImageVul'] }]);
    const conditional = { ...vendor, Condition: { IpAddress: {} } };
    assert.equal((await ask('PUT', '/policies/no-fix', first, { Statement: [conditional] })).status, 400);
    const log = await ask('GET', '/audit?limit=500', first);
    assert.ok(
      log.json.items.length >= 6,
      JSON.stringify(log.json.items.map(({ action }: { action: string }) => action)),
    );
    assert.doesNotMatch(JSON.stringify(log.json), /a long enough password/);
    assert.equal((await ask('GET', '/audit/verification', first)).json.firstWrong, null);
    const exported = await server.app.inject({ url: '/api/v1/audit/export', headers: { host: 'x', ...first } });
    assert.ok(
      exported.body
        .trim()
        .split('\n')
        .every((line) => JSON.parse(line)),
    );
  });

  test('guessing passwords is locked out, and unknown names look like known ones', async (t) => {
    const { access, clock } = await accessWorld(t, open);
    clock.now = at.getTime();
    const { server } = await nativeWorld(t, {
      deps: { access: access.control, admin: access.admin, audit: access.audit },
    });
    const guess = async (name: string) => {
      const payload = { name, password: 'wrong wrong wrong' };
      const answer = await server.app.inject({
        method: 'POST',
        url: '/api/v1/session',
        headers: { host: 'x' },
        payload,
      });
      return { status: answer.statusCode, code: answer.json().code, detail: answer.json().detail };
    };
    const [known, unknown] = [await guess('admin'), await guess('nobody')];
    assert.deepEqual(known, unknown);
    assert.equal(known.status, 401);
    const codes = [];
    for (let i = 0; i < 25; i++) codes.push((await guess('admin')).code);
    assert.ok(codes.includes('locked'), codes.join(' '));
  });
});
