import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnswerStore } from '../../src/adapters/sql/answers/index.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('kept answers', (open) => {
  test('an answer is kept until its end, replaced by a newer one, and swept', async (t) => {
    const { db } = await open(t);
    let now = 1_000_000;
    const store = createAnswerStore(db, () => now);
    const answer = {
      fingerprint: 'f'.repeat(64),
      status: 202,
      headers: { location: '/api/v1/scans/1' },
      body: '{"text":"ünï"}',
      expiresAt: now + 1000,
    };
    assert.equal(await store.get('1 key'), null);
    await store.put('1 key', answer);
    await store.put('2 key', { ...answer, body: null });
    assert.deepEqual(await store.get('1 key'), answer);
    assert.equal((await store.get('2 key'))?.body, null);
    await store.put('1 key', { ...answer, status: 201, expiresAt: now + 5000 });
    assert.equal((await store.get('1 key'))?.status, 201);
    now += 1000;
    assert.equal(await store.get('2 key'), null);
    // A new process sweeps with its first answer.
    await createAnswerStore(db, () => now).put('3 key', { ...answer, expiresAt: now + 1 });
    const rows = await db.kysely.selectFrom('kept_answer').select('key').orderBy('key').execute();
    assert.deepEqual(rows, [{ key: '1 key' }, { key: '3 key' }]);
  });
});
