import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { hasCode } from '../../src/kernel/index.ts';
import { accessWorld, actor } from '../support/access-world.ts';
import { forEachDatabase } from '../support/databases.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** The rule of docs/operations/access.md in other hands: reads the export, prints the last hash or what is wrong. */
const checker = `
import hashlib, json, sys
previous, seq = b'\\0' * 32, 0
for line in sys.argv[1].split('\\n'):
    if not line: continue
    e = json.loads(line); a = e['actor']; seq += 1
    columns = [e['seq'], e['at'], a['name'], a['userId'], a['accessKeyId'], a['address'], a['requestId'], e['action'], e['object'], e['projectId'],
               json.dumps(e['detail'], ensure_ascii=False, separators=(',', ':'))]
    digest = hashlib.sha256(previous + json.dumps(columns, ensure_ascii=False, separators=(',', ':')).encode()).digest()
    assert e['seq'] == seq and e['prevHash'] == previous.hex() and e['hash'] == digest.hex(), seq
    previous = digest
print(seq)
`;

forEachDatabase('audit log', (open) => {
  test('holds every change of access, without secrets, and can be checked by others', async (t) => {
    const { access, admin, clock } = await accessWorld(t, open);
    const user = await access.admin.addUser(admin, { name: 'zoë', password: 'CANARY-password' });
    const key = await access.admin.addKey(admin, user.id, null);
    await access.admin.setGrants(admin, user.id, [{ policy: 'viewer', projects: 'all' }]);
    await access.admin.updateUser(admin, user.id, { password: 'CANARY-second' });
    const robot = await access.admin.addToken(admin, user.id, {
      name: 'ci',
      statements: null,
      expiresAt: clock.now + 1e6,
    });
    const session = await access.admin.issueTemporaryKey(admin, user.id, {
      name: 's',
      durationMs: 1e6,
      statements: null,
    });
    await access.control.signIn({ name: 'zoë', password: 'CANARY-second', address: '192.0.2.1', projectExtId: null });
    await access.admin.removeUser(admin, user.id);
    const entries = await access.admin.audit({ before: null, limit: 100 });
    assert.deepEqual(entries.map(({ action }) => action).reverse(), [
      'account.create',
      'user.add',
      'key.add',
      'grant.set',
      'user.update',
      'robot.add',
      'key.issue-temporary',
      'session.start',
      'user.remove',
    ]);
    let text = '';
    for await (const line of access.admin.exportAudit()) text += line;
    for (const secret of ['CANARY', key?.secret, robot?.secret, session?.secret, session?.token, 'test-admin-secret']) {
      assert.ok(secret !== undefined && !text.includes(secret));
    }
    const python = needs(t, 'python3');
    if (python === undefined) return;
    const checked = await run(python.python3, ['-c', checker, text]);
    assert.equal(checked.stdout.trim(), '9', checked.stderr);
  });

  test('pages, newest first, by action, object and user', async (t) => {
    const { access } = await accessWorld(t, open);
    for (let i = 0; i < 30; i++) {
      const action = i % 2 ? 'registry.add' : 'fix.order';
      const entry = { actor: actor(i % 3 ? 'bob' : 'ann'), action, object: `x:${i}`, projectId: 1, detail: { i } };
      await access.audit.record(entry);
    }
    const { audit } = access.admin;
    const first = await audit({ before: null, limit: 10 });
    const second = await audit({ before: first.at(-1)?.seq ?? 0, limit: 10 });
    assert.deepEqual(
      [...first, ...second].map(({ object }) => object),
      Array.from({ length: 20 }, (_, i) => `x:${29 - i}`),
    );
    assert.equal((await audit({ before: null, limit: 100, action: 'registry.*' })).length, 15);
    assert.equal((await audit({ before: null, limit: 100, action: 'registry' })).length, 0);
    assert.equal((await audit({ before: null, limit: 100, user: 'ann' })).length, 10);
    assert.equal((await audit({ before: null, limit: 100, object: 'x:7' })).length, 1);
    assert.equal((await audit({ before: null, limit: 100, object: "x'; DROP TABLE audit; --*" })).length, 0);
  });

  test('shows what was changed, taken out, put in or cut off', async (t) => {
    const { access, db } = await accessWorld(t, open);
    for (let i = 0; i < 9; i++) {
      await access.audit.record({ actor: actor('a'), action: 'x', object: `${i}`, projectId: null, detail: {} });
    }
    assert.deepEqual(await access.admin.verifyAudit(), { entries: 10, firstWrong: null });
    const spoilt = async (statement: string) => {
      await sql.raw(statement).execute(db.kysely);
      return (await access.admin.verifyAudit()).firstWrong;
    };
    const original = await db.kysely.selectFrom('audit').selectAll().orderBy('seq').execute();
    const restore = async () => {
      await db.kysely.deleteFrom('audit').execute();
      await db.kysely.insertInto('audit').values(original).execute();
    };
    assert.equal(await spoilt(`UPDATE audit SET object = 'other' WHERE seq = 4`), 4);
    await restore();
    assert.equal(await spoilt('DELETE FROM audit WHERE seq = 6'), 6);
    await restore();
    assert.equal(await spoilt('DELETE FROM audit WHERE seq > 7'), 8);
    await restore();
    assert.equal(await spoilt(`UPDATE audit SET detail = '{"a":1}' WHERE seq = 10`), 10);
    await restore();
    assert.equal((await access.admin.verifyAudit()).firstWrong, null);
  });

  test('entries that come together share transactions and keep their order; inside of a transaction it is refused', async (t) => {
    const { access, db } = await accessWorld(t, open);
    const entry = (i: number) => ({ actor: actor('a'), action: 'x', object: `${i}`, projectId: null, detail: {} });
    await Promise.all(Array.from({ length: 500 }, (_, i) => access.audit.record(entry(i))));
    const rows = await access.admin.audit({ before: null, limit: 500 });
    assert.deepEqual(
      rows.map(({ object }) => Number(object)).reverse(),
      Array.from({ length: 500 }, (_, i) => i),
    );
    await assert.rejects(
      db.transaction(async () => access.audit.record(entry(1))),
      (error) => hasCode(error, 'nested_transaction'),
    );
    assert.deepEqual(await access.admin.verifyAudit(), { entries: 501, firstWrong: null });
  });
});
