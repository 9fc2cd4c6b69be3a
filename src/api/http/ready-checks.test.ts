import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { createReadiness } from './health.ts';
import { advisoryCheck, databaseCheck, diskCheck, migrationsCheck, queueCheck } from './ready-checks.ts';

const day = 86_400_000;

test('each check says what is wrong; only what another node would do better takes this one out', async () => {
  const ask = async (...checks: Parameters<typeof createReadiness>[0]) => {
    const { ready, checks: results } = await createReadiness(checks)();
    return { ready, ...Object.values(results)[0] };
  };
  assert.equal((await ask(databaseCheck(async () => undefined))).state, 'ok');
  const down = await ask(databaseCheck(async () => Promise.reject(new Error('connection refused'))));
  assert.deepEqual([down.ready, down.state, down.reason], [false, 'fail', 'connection refused']);
  const behind = await ask(migrationsCheck(async () => ['0006-answers']));
  assert.deepEqual([behind.ready, behind.reason], [false, 'Not yet applied: 0006-answers']);
  assert.deepEqual((await ask(advisoryCheck(async () => 9 * day, 7 * day))).reason, 'Advisory data is 9.0 days old');
  assert.equal((await ask(advisoryCheck(async () => null, 7 * day))).ready, true);
  assert.equal((await ask(queueCheck(async () => 90_000, 60_000))).state, 'warn');
  assert.equal((await ask(queueCheck(async () => null, 60_000))).state, 'ok');
  assert.equal((await ask(diskCheck(tmpdir(), 1))).state, 'ok');
  assert.equal((await ask(diskCheck(tmpdir(), 2 ** 60))).ready, false);
  assert.equal((await ask(diskCheck('/no/such/folder', 1))).ready, false);
});

test('checks run at once, and not again for probes that follow closely', async () => {
  let asked = 0;
  const readiness = createReadiness([
    databaseCheck(async () => {
      asked++;
    }),
  ]);
  await Promise.all([readiness(), readiness(), readiness()]);
  assert.equal(asked, 1);
});
