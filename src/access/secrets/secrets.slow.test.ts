import assert from 'node:assert/strict';
import { createDecipheriv, scryptSync } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { loadMasterKeys } from './master-key.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { createSealer } from './sealer.ts';
import { Secret } from './secret.ts';

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);

test('sealed bytes are AES-256-GCM and open only where they were sealed', () => {
  const sealer = createSealer([key]);
  const sealed = Buffer.from(sealer.seal(Buffer.from('geheim'), 'place 1'));
  assert.equal(Buffer.from(sealer.open(sealed, 'place 1')).toString(), 'geheim');
  assert.notDeepEqual(sealed, sealer.seal(Buffer.from('geheim'), 'place 1'));
  // By hand, from the documented layout.
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(5, 17));
  decipher.setAAD(Buffer.concat([sealed.subarray(0, 5), Buffer.from('place 1')]));
  decipher.setAuthTag(sealed.subarray(-16));
  assert.equal(decipher.update(sealed.subarray(17, -16)).toString() + decipher.final().toString(), 'geheim');
  assert.throws(() => sealer.open(sealed, 'place 2'), { code: 'sealed_data_damaged' });
  for (let i = 5; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed[i] = (changed[i] ?? 0) ^ 1;
    assert.throws(() => sealer.open(changed, 'place 1'), { code: 'sealed_data_damaged' });
  }
  assert.throws(() => sealer.open(sealed.subarray(0, 20), 'place 1'), { code: 'sealed_data_damaged' });
});

test('a former master key still opens, an unknown one is named', () => {
  const sealed = createSealer([key]).seal(Buffer.from('x'));
  assert.equal(Buffer.from(createSealer([other, key]).open(sealed)).toString(), 'x');
  assert.throws(() => createSealer([other]).open(sealed), { code: 'master_key_mismatch' });
});

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'drydock-key-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('the master key is made once, for its owner alone', async (t) => {
  const path = join(await folder(t), 'sub', 'master.key');
  await assert.rejects(loadMasterKeys(path, false), { code: 'master_key_missing' });
  const made = await Promise.all(Array.from({ length: 8 }, () => loadMasterKeys(path, true)));
  for (const keys of made) assert.deepEqual(keys, made[0]);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.match(await readFile(path, 'utf8'), /^[0-9a-f]{64}\n$/);
  assert.deepEqual(await loadMasterKeys(path, false), made[0]);
});

test('a master key file that is open to all or damaged is refused', async (t) => {
  const path = join(await folder(t), 'master.key');
  for (const text of ['', 'zz', `${'a'.repeat(64)}\nrubbish`]) {
    await writeFile(path, text, { mode: 0o600 });
    await assert.rejects(loadMasterKeys(path, true), { code: 'master_key_invalid' });
  }
  await writeFile(path, `${'a'.repeat(64)}\n\n${'b'.repeat(64)}\n`);
  assert.equal((await loadMasterKeys(path, true)).length, 2);
  await chmod(path, 0o644);
  await assert.rejects(loadMasterKeys(path, true), { code: 'master_key_invalid' });
});

test('passwords are stored as salted scrypt', async () => {
  const stored = await hashPassword('Grün-17');
  const [scheme, n, r, p, salt = '', hash] = stored.split('$');
  assert.equal(scheme, 'scrypt');
  const options = { N: Number(n), r: Number(r), p: Number(p), maxmem: 2 ** 27 };
  assert.ok(options.N * options.r >= 2 ** 18);
  assert.equal(scryptSync('Grün-17', Buffer.from(salt, 'base64url'), 32, options).toString('base64url'), hash);
  assert.notEqual(await hashPassword('Grün-17'), stored);
  assert.equal(await verifyPassword('Grün-17', stored), true);
  // The same letters, composed in another way by another keyboard.
  assert.equal(await verifyPassword('Gru\u0308n-17', stored), true);
  assert.equal(await verifyPassword('grün-17', stored), false);
  assert.equal(await verifyPassword('Grün-17', null), false);
  assert.equal(await verifyPassword('Grün-17', 'rubbish'), false);
});

test('a secret does not show itself', () => {
  const secret = new Secret('hunter2');
  assert.equal(secret.reveal(), 'hunter2');
  for (const shown of [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
  ]) {
    assert.ok(!shown.includes('hunter2'), shown);
  }
});
