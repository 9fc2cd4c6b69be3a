import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSealer } from '../../src/access/index.ts';
import { hasCode } from '../../src/kernel/index.ts';
import { accessWorld } from '../support/access-world.ts';
import { forEachDatabase } from '../support/databases.ts';

const day = 86_400_000;

forEachDatabase('access', (open) => {
  test('the first start makes account, default project and administrator once', async (t) => {
    const { access, second } = await accessWorld(t, open, { bootstrap: null });
    const first = access.firstAdministrator;
    assert.ok(first?.password);
    assert.match(first.accessKeyId, /^[A-Z0-9]{20}$/);
    const again = await second();
    assert.equal(again.firstAdministrator, null);
    assert.deepEqual(again.control.account, access.control.account);
    const { number, domainId, projectId, region } = access.control.account;
    assert.ok(Number.isSafeInteger(number) && number > 1e15);
    assert.match(`${domainId}${projectId}`, /^[0-9a-f]{64}$/);
    assert.equal(region, 'cn-north-4');
    assert.deepEqual(await access.control.projects(), [{ id: 1, name: 'default', extId: '0' }]);
    const key = await again.control.findKey(first.accessKeyId);
    assert.equal(key?.secret, first.secret);
    assert.ok(key.active);
    assert.deepEqual(access.control.decide(key.principal, 'yundun-sas:OperateImageVul'), {
      allowed: true,
      projects: 'all',
    });
    const { principal } = await access.control.signIn({
      name: 'admin',
      password: first.password,
      address: '192.0.2.1',
      projectExtId: null,
    });
    assert.equal(principal.name, 'admin');
  });

  test('a wrong master key is refused, and nothing readable lies in the store', async (t) => {
    const { second, store } = await accessWorld(t, open);
    await assert.rejects(second({ sealer: createSealer([Buffer.alloc(32, 8)]) }), (error) =>
      hasCode(error, 'master_key_mismatch'),
    );
    const key = await store.key('TESTADMIN');
    assert.ok(key);
    assert.ok(!Buffer.from(key.secret).includes('test-admin-secret'));
    const { control } = await second({ sealer: createSealer([Buffer.alloc(32, 8), Buffer.alloc(32, 7)]) });
    assert.equal((await control.findKey('TESTADMIN'))?.secret, 'test-admin-secret');
  });

  test('keys: disabled, ended, rotated with overlap; seen at once by another node', async (t) => {
    const { access, second, admin, clock } = await accessWorld(t, open);
    const other = (await second()).control;
    const user = await access.admin.addUser(admin, { name: 'alice', password: null });
    const made = await access.admin.addKey(admin, user.id, null);
    assert.ok(made);
    const { id } = made.key;
    assert.equal((await other.findKey(id))?.secret, made.secret);
    await access.admin.setKeyActive(admin, id, false);
    assert.equal((await other.findKey(id))?.active, false);
    await access.admin.setKeyActive(admin, id, true);
    const rotated = await access.admin.rotateKey(admin, id, day);
    assert.ok(rotated);
    assert.equal((await other.findKey(id))?.active, true);
    assert.equal((await other.findKey(rotated.key.id))?.active, true);
    clock.now += day + 1;
    assert.equal((await other.findKey(id))?.active, false);
    assert.equal((await other.findKey(rotated.key.id))?.active, true);
    await access.admin.updateUser(admin, user.id, { disabled: true });
    assert.equal((await other.findKey(rotated.key.id))?.active, false);
    assert.equal(await other.findKey('nobody'), undefined);
    assert.equal(await other.findKey("x' or '1'='1"), undefined);
    await access.control.findKey(rotated.key.id);
    await access.maintain();
    const keys = await access.admin.keys(user.id);
    assert.equal(keys.find((key) => key.id === rotated.key.id)?.lastUsedAt, clock.now);
  });

  test('sign-in tokens last 24 hours and end with password, rights or sign-out', async (t) => {
    const { access, second, admin, clock } = await accessWorld(t, open);
    const other = (await second()).control;
    const user = await access.admin.addUser(admin, { name: 'alice', password: 'correct horse' });
    const input = { name: 'alice', password: 'correct horse', address: '192.0.2.7', projectExtId: 'p' };
    const signIn = async () => (await access.control.signIn(input)).token;
    const works = async (token: string) => {
      const found = await other.byToken(token);
      return found !== undefined && 'principal' in found;
    };
    let token = await signIn();
    assert.ok(await works(token));
    await access.admin.setGrants(admin, user.id, [{ policy: 'viewer', projects: [1] }]);
    assert.equal(await other.byToken(token), undefined);
    token = await signIn();
    await access.admin.updateUser(admin, user.id, { password: 'battery staple' });
    assert.equal(await other.byToken(token), undefined);
    await assert.rejects(signIn(), (error) => hasCode(error, 'bad_credentials'));
    input.password = 'battery staple';
    token = await signIn();
    await access.admin.signOut(admin, token);
    assert.equal(await other.byToken(token), undefined);
    token = await signIn();
    clock.now += day;
    assert.deepEqual(await other.byToken(token), { expiredAt: clock.now });
    assert.equal(await other.byToken('ddt_l_unknown'), undefined);
  });

  test('wrong passwords lock, longer every time, on all nodes; unknown users look the same', async (t) => {
    const { access, second, admin, clock } = await accessWorld(t, open);
    await access.admin.addUser(admin, { name: 'alice', password: 'correct horse' });
    const nodes = [access.control, (await second()).control];
    const attempt = async (name: string, password: string) => {
      const control = nodes[Math.floor(Math.random() * 2)] ?? access.control;
      return control.signIn({ name, password, address: '192.0.2.9', projectExtId: null }).then(
        () => 'in',
        (error: { code: string; retryAfterMs?: number }) => (error.code === 'locked' ? `locked` : error.code),
      );
    };
    for (const name of ['alice', 'nobody']) {
      for (let i = 0; i < 5; i++) assert.equal(await attempt(name, 'wrong'), 'bad_credentials');
      assert.equal(await attempt(name, 'correct horse'), 'locked');
    }
    clock.now += 15_001;
    assert.equal(await attempt('alice', 'wrong'), 'bad_credentials');
    clock.now += 15_001;
    assert.equal(await attempt('alice', 'correct horse'), 'locked');
    clock.now += 15_001;
    assert.equal(await attempt('alice', 'correct horse'), 'in');
    assert.equal(await attempt('alice', 'wrong'), 'bad_credentials');
    const subject = { accessKeyId: 'TESTADMIN', address: '2001:db8::1' };
    for (let i = 0; i < 5; i++) await access.control.report(subject, false);
    assert.equal(await nodes[1]?.lockedFor({ ...subject, address: '2001:db8::ffff' }), 15_000);
    assert.equal(await nodes[1]?.lockedFor({ ...subject, address: '192.0.2.200' }), 0);
  });

  test('a nonce counts once per key and window', async (t) => {
    const { access, second, clock } = await accessWorld(t, open);
    const other = (await second()).control;
    const takes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? access.control : other).useNonce('k', 'n', 1_000)),
    );
    assert.equal(takes.filter(Boolean).length, 1);
    assert.ok(await other.useNonce('k2', 'n', 1_000));
    assert.ok(await other.useNonce('k', 'n2', 1_000));
    clock.now += 1_000;
    assert.ok(await other.useNonce('k', 'n', 1_000));
    clock.now += 1_000;
    await access.maintain();
    assert.ok(await other.useNonce('k', 'n', 1_000));
  });

  test('temporary keys: narrowed, ended, and their tokens tell whose they are', async (t) => {
    const { access, admin, clock } = await accessWorld(t, open);
    const session = {
      name: 'build 7',
      durationMs: 3_600_000,
      statements: [{ effect: 'Allow' as const, actions: ['yundun-sas:Describe*'] }],
    };
    const made = await access.admin.issueTemporaryKey(admin, 1, session);
    assert.ok(made);
    const key = await access.control.findKey(made.accessKeyId);
    assert.deepEqual(key?.session, { token: made.token, expiresAt: clock.now + 3_600_000 });
    assert.equal(key?.secret, made.secret);
    assert.equal(key.principal.kind, 'session');
    assert.equal(access.control.decide(key.principal, 'yundun-sas:DescribeImageVulList').allowed, true);
    assert.deepEqual(access.control.decide(key.principal, 'yundun-sas:OperateImageVul'), {
      allowed: false,
      reason: 'implicit_deny',
    });
    assert.equal(access.control.readSessionToken(made.token)?.accessKeyId, made.accessKeyId);
    const forged = Buffer.from(made.token, 'base64');
    forged[20] = (forged[20] ?? 0) ^ 1;
    assert.equal(access.control.readSessionToken(forged.toString('base64')), undefined);
    assert.equal(access.control.readSessionToken('none'), undefined);
    clock.now += 3_600_001;
    await access.maintain();
    assert.ok(((await access.control.findKey(made.accessKeyId))?.session?.expiresAt ?? 0) < clock.now);
    clock.now += day;
    await access.maintain();
    assert.equal(await access.control.findKey(made.accessKeyId), undefined);
  });

  test('robot tokens have their own end and rights, and outlive a new password', async (t) => {
    const { access, admin, clock } = await accessWorld(t, open);
    const statements = [{ effect: 'Deny' as const, actions: ['drydock:*'] }];
    const made = await access.admin.addToken(admin, 1, { name: 'ci', statements, expiresAt: clock.now + day });
    assert.ok(made);
    await access.admin.updateUser(admin, 1, { password: 'another one' });
    const found = await access.control.byToken(made.secret);
    assert.ok(found && 'principal' in found);
    assert.equal(access.control.decide(found.principal, 'drydock:image:read').allowed, false);
    assert.equal((await access.admin.tokens(1)).length, 1);
    assert.equal(await access.admin.removeToken(admin, 99, made.token.id), false);
    assert.ok(await access.admin.removeToken(admin, 1, made.token.id));
    assert.equal(await access.control.byToken(made.secret), undefined);
  });

  test('rights: grants per project, custom policies, and always an owner', async (t) => {
    const { access, admin } = await accessWorld(t, open);
    const project = await access.admin.addProject(admin, 'Payments');
    await access.admin.putPolicy(admin, 'no-fix', [{ effect: 'Deny', actions: ['yundun-sas:operateimagevul'] }]);
    const user = await access.admin.addUser(admin, { name: 'alice', password: null });
    await access.admin.setGrants(admin, user.id, [
      { policy: 'operator', projects: 'all' },
      { policy: 'no-fix', projects: [project.id] },
    ]);
    const made = await access.admin.addKey(admin, user.id, null);
    const principal = (await access.control.findKey(made?.key.id ?? ''))?.principal;
    assert.ok(principal);
    assert.deepEqual(access.control.decide(principal, 'yundun-sas:OperateImageVul'), { allowed: true, projects: [1] });
    assert.deepEqual(access.control.decide(principal, 'yundun-sas:DescribeImageFixTask'), {
      allowed: true,
      projects: 'all',
    });
    assert.deepEqual(access.control.decide(principal, 'drydock:user:write'), {
      allowed: false,
      reason: 'implicit_deny',
    });
    const refused = async (promise: Promise<unknown>, code: string) =>
      assert.rejects(promise, (error) => hasCode(error, code));
    await refused(access.admin.removePolicy(admin, 'no-fix'), 'access_in_use');
    await refused(access.admin.putPolicy(admin, 'owner', []), 'built_in_policy');
    await refused(access.admin.addProject(admin, 'Payments'), 'access_name_taken');
    await refused(access.admin.addUser(admin, { name: 'alice', password: null }), 'access_name_taken');
    await refused(access.admin.setGrants(admin, user.id, [{ policy: 'x', projects: 'all' }]), 'invalid_access_input');
    await refused(
      access.admin.setGrants(admin, user.id, [{ policy: 'viewer', projects: [77] }]),
      'invalid_access_input',
    );
    await refused(access.admin.setGrants(admin, 1, []), 'last_owner');
    await refused(access.admin.updateUser(admin, 1, { disabled: true }), 'last_owner');
    await refused(access.admin.removeUser(admin, 1), 'last_owner');
    await refused(access.admin.removeProject(admin, 1), 'access_in_use');
    assert.ok(await access.admin.removeUser(admin, user.id));
    assert.equal(await access.control.findKey(made?.key.id ?? ''), undefined);
    assert.ok(await access.admin.removeProject(admin, project.id));
  });
});
