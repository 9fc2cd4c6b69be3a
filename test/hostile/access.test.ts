import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSealer } from '../../src/access/index.ts';
import { openDatabase } from '../../src/adapters/sql/index.ts';
import { accessWorld } from '../support/access-world.ts';
import { type OpenStore, sqliteTarget } from '../support/databases.ts';

const open: OpenStore = Object.assign(
  async (t: TestContext) => {
    const target = await sqliteTarget(t);
    const db = await openDatabase(target);
    t.after(() => db.close());
    return { db, target };
  },
  { engine: 'sqlite' as const },
);

test('nothing in the files of the store is a secret that was entered or made', async (t) => {
  const { access, admin, target, clock } = await accessWorld(t, open);
  const user = await access.admin.addUser(admin, { name: 'alice', password: 'CANARY-password-1' });
  const key = await access.admin.addKey(admin, user.id, null);
  const robot = await access.admin.addToken(admin, user.id, {
    name: 'r',
    statements: null,
    expiresAt: clock.now + 1e6,
  });
  const session = await access.admin.issueTemporaryKey(admin, user.id, {
    name: 's',
    durationMs: 1e6,
    statements: null,
  });
  const login = await access.control.signIn({
    name: 'alice',
    password: 'CANARY-password-1',
    address: '192.0.2.1',
    projectExtId: null,
  });
  const secrets = [
    'CANARY',
    'test-admin-secret',
    key?.secret,
    robot?.secret,
    session?.secret,
    session?.token,
    login.token,
  ];
  const folder = 'file' in target ? dirname(target.file) : '';
  const files = await readdir(folder);
  assert.ok(files.includes('store.db-wal') && files.includes('volatile.db'));
  for (const file of files) {
    const bytes = await readFile(join(folder, file));
    for (const secret of secrets) assert.ok(secret !== undefined && !bytes.includes(secret), `${file} holds a secret`);
  }
});

test('installations have nothing in common: keys and tokens of one are unknown to the other', async (t) => {
  const one = await accessWorld(t, open, { bootstrap: null });
  const two = await accessWorld(t, open, { bootstrap: null, sealer: createSealer([Buffer.alloc(32, 9)]) });
  const [first, second] = [one.access.firstAdministrator, two.access.firstAdministrator];
  assert.ok(first && second);
  for (const part of ['password', 'accessKeyId', 'secret'] as const) assert.notEqual(first[part], second[part]);
  assert.equal(await two.access.control.findKey(first.accessKeyId), undefined);
  const session = await one.access.admin.issueTemporaryKey(one.admin, 1, {
    name: 's',
    durationMs: 1e6,
    statements: null,
  });
  assert.ok(session);
  assert.equal(two.access.control.readSessionToken(session.token), undefined);
  const robot = await one.access.admin.addToken(one.admin, 1, {
    name: 'r',
    statements: null,
    expiresAt: one.clock.now + 1e6,
  });
  assert.equal(await two.access.control.byToken(robot?.secret ?? ''), undefined);
});

test('tokens: without signature, with the key in themselves, of 100 KB, of any bytes', async (t) => {
  const { control } = (await accessWorld(t, open)).access;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const token of [
    '',
    `${part({ alg: 'none' })}.${part({ sub: 'admin' })}.`,
    `${part({ alg: 'HS256', jwk: { k: 'AAAA' } })}.${part({ sub: 'admin' })}.AAAA`,
    'A'.repeat(100_000),
    `ddt_l_${'A'.repeat(43)}`,
    "' OR '1'='1",
    '\0\n\ud800',
    Buffer.alloc(60, 1).toString('base64'),
  ]) {
    assert.equal(await control.byToken(token), undefined);
    assert.equal(control.readSessionToken(token), undefined);
    assert.equal(await control.findKey(token), undefined);
  }
});

test('guessing: by address, by user, spread over both', async (t) => {
  const { access, admin, clock } = await accessWorld(t, open);
  for (const name of ['alice', 'bob']) await access.admin.addUser(admin, { name, password: 'correct horse' });
  const report = (accessKeyId: string, address: string) => access.control.report({ accessKeyId, address }, false);
  const locked = async (accessKeyId: string, address: string) =>
    (await access.control.lockedFor({ accessKeyId, address })) > 0;
  for (let i = 0; i < 60; i++) await report(`guess${i}`, '192.0.2.1');
  assert.ok(await locked('never tried', '192.0.2.1'), 'one address, many names');
  assert.equal(await locked('never tried', '192.0.2.2'), false);
  for (let i = 0; i < 210; i++) await report('TESTADMIN', `198.51.100.${i}`);
  assert.ok(await locked('TESTADMIN', '203.0.113.1'), 'one name, many addresses');
  clock.now += 24 * 3_600_000 + 1;
  await access.maintain();
  assert.equal(await locked('TESTADMIN', '203.0.113.1'), false);
  // A name may be anything that a stranger can send.
  for (const name of ['', '\0', '\ud800', 'x'.repeat(1_000_000), "'; DROP TABLE app_user; --"]) {
    const attempt = access.control.signIn({ name, password: 'wrong', address: '192.0.2.77', projectExtId: null });
    await assert.rejects(attempt, { code: 'bad_credentials' });
  }
  const input = { name: 'alice', password: 'correct horse', address: '192.0.2.78', projectExtId: null };
  assert.equal((await access.control.signIn(input)).principal.name, 'alice');
});

test('time does not tell whether a user exists', async (t) => {
  const { access, admin } = await accessWorld(t, open);
  await access.admin.addUser(admin, { name: 'alice', password: 'correct horse' });
  await access.admin.addUser(admin, { name: 'keys-only', password: null });
  const fastest: Record<string, number> = {};
  for (let round = 0; round < 4; round++) {
    for (const name of ['alice', 'nobody', 'keys-only']) {
      const started = performance.now();
      const input = { name, password: 'wrong', address: `192.0.2.${round + 1}`, projectExtId: null };
      await assert.rejects(access.control.signIn(input), { code: 'bad_credentials' });
      fastest[name] = Math.min(fastest[name] ?? Number.POSITIVE_INFINITY, performance.now() - started);
    }
  }
  const times = Object.values(fastest);
  assert.ok(Math.max(...times) < 3 * Math.min(...times), JSON.stringify(fastest));
});
