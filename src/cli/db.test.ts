import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { Command } from 'commander';
import { advisoryWorld, osvDocument, snapshotFile } from '../../test/support/advisory-world.ts';
import { fixedClock } from '../kernel/index.ts';
import { type DbDeps, registerDb } from './db.ts';
import { exitCodes } from './exit-codes.ts';

const now = '2026-02-03T00:00:00Z';

/** An installation with a folder of feeds; runs `drydock db …` against its data directory or another one. */
function installation(t: TestContext, sources: DbDeps['sources'] = {}) {
  const world = advisoryWorld(t);
  const drydock = async (args: readonly string[], directory = 'data') => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const codes: number[] = [];
    const program = new Command('drydock').exitOverride();
    registerDb(program, async () => ({
      service: world.serviceAt(directory),
      terminal: { stdout, stderr, env: {} },
      signal: new AbortController().signal,
      clock: fixedClock(now),
      sources,
      readText: (path) => readFile(path, 'utf8'),
      exit: (code) => codes.push(code),
    }));
    await program.parseAsync(['db', ...args], { from: 'user' });
    assert.equal(codes.length, 1);
    return { code: codes[0], out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  };
  const at = (name: string): string => join(world.root, name);
  const keys = () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(at('sign.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(at('verify.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    return { sign: ['--sign-key', at('sign.pem')], verify: ['--verify-key', at('verify.pem')] };
  };
  return { ...world, drydock, at, keys };
}

test('db status before the first update: what scans use, how old most of it is, what to do', async (t) => {
  const { drydock } = installation(t);
  const { code, out, err } = await drydock(['status']);
  assert.deepEqual([code, err], [exitCodes.ok, '']);
  assert.match(out, /^No advisory data is loaded; scans use the bundled facts for Debian\.\n/);
  assert.match(out, / {2}bundled: 1 records; newest 13 months old, most 20 months old\n/);
  assert.match(out, /→ drydock db update --from URL\|DIR\n$/);
  const { bundled, active, schemaVersion } = JSON.parse((await drydock(['status', '--json'])).out);
  assert.deepEqual([schemaVersion, active, bundled.origin], [1, null, 'bundled']);
  assert.deepEqual(bundled.sources, [
    { id: 'osv/Debian', records: 1, modified: '2025-01-01T00:00:00Z', bulk: '2024-06-01T00:00:00Z' },
  ]);
});

test('db update loads, says what it loaded, and says when nothing changed', async (t) => {
  const { drydock, feed, from } = installation(t);
  const old = Array.from({ length: 9 }, (_, index) => osvDocument(index + 2, '9', '2024-05-01T00:00:00Z'));
  feed('Debian', [osvDocument(1, '9', '2026-02-01T00:00:00Z'), ...old, osvDocument(11, '9', '2024-05-01T00:00:00Z')]);
  const first = await drydock(['update', '--from', from, '--quiet']);
  assert.deepEqual([first.code, first.err], [exitCodes.ok, '']);
  assert.match(
    first.out,
    /^Advisories updated\.\n {2}updated 2026-02-01 00:00 UTC, 47 hours old; checked 47 hours ago\n/,
  );
  assert.match(first.out, /osv\/Debian +11 {2}2026-02-01, 2 days old/);
  assert.match(first.out, / {2}21 months old\n$/);
  const again = await drydock(['update', '--from', from, '--quiet']);
  assert.match(again.out, /^Advisories are current; nothing changed\.\n/);
  assert.match((await drydock(['status'])).out, /^Advisories\n[\s\S]* {2}bundled, not in use: 1 records/);
});

test('db update tells progress on stderr and takes its sources from the configuration', async (t) => {
  const world = advisoryWorld(t);
  world.feed('Debian', [osvDocument(1, '9')]);
  const { drydock } = installation(t, { from: world.from });
  const { code, out, err } = await drydock(['update', '--progress', 'plain', '--only', 'Debian']);
  assert.equal(code, exitCodes.ok);
  assert.match(out, /Advisories updated/);
  assert.match(err, /Debian/);
});

const mistakes: { name: string; args: (at: (name: string) => string) => string[]; code: number; message: RegExp }[] = [
  { name: 'no source', args: () => ['update'], code: 2, message: /no source of advisories[\s\S]*--from/ },
  { name: 'progress', args: () => ['update', '--from', 'x', '--progress', 'loud'], code: 2, message: /loud/ },
  { name: 'format', args: () => ['status', '-o', 'xml'], code: 2, message: /unknown format "xml"[\s\S]*table or json/ },
  {
    name: 'nothing in the folder',
    args: (at) => ['update', '-q', '--from', at('')],
    code: 1,
    message: /no ecosystems[\s\S]*all\.zip/,
  },
  {
    name: 'no such folder',
    args: (at) => ['update', '-q', '--from', at('none')],
    code: 7,
    message: /none cannot be read/,
  },
  {
    name: 'ecosystem with a path',
    args: (at) => ['update', '-q', '--from', at('osv'), '--only', '../x'],
    code: 1,
    message: /no ecosystem can be called/,
  },
  { name: 'nothing to export', args: (at) => ['export', at('x')], code: 8, message: /no advisory data to export/ },
  { name: 'no such bundle', args: (at) => ['import', at('none')], code: 7, message: /none cannot be read/ },
  { name: 'no bundle', args: (at) => ['import', at('bundled/debian.bin')], code: 1, message: /not an advisory bundle/ },
  {
    name: 'no key',
    args: (at) => ['import', at('x'), '--verify-key', at('bundled/debian.bin')],
    code: 2,
    message: /not a public key/,
  },
];

for (const { name, args, code, message } of mistakes) {
  test(`db refuses ${name} with exit code ${code} and says what to do`, async (t) => {
    const { drydock, at } = installation(t);
    const outcome = await drydock(args(at));
    assert.deepEqual([outcome.code, outcome.out], [code, '']);
    assert.match(outcome.err, message);
    assert.doesNotMatch(outcome.err, / {4}at /);
  });
}

test('db export and import over an air gap: signed, damaged, foreign and older bundles', async (t) => {
  const { drydock, feed, from, at, keys } = installation(t);
  const { sign, verify } = keys();
  const update = () => drydock(['update', '--from', from, '--quiet']);
  feed('Debian', [osvDocument(1, '9')]);
  await update();
  const older = await drydock(['export', at('older.bundle')]);
  assert.match(older.out, /^Exported to .*older\.bundle, not signed\.\n/);
  feed('Debian', [osvDocument(1, '9'), osvDocument(2, '9', '2026-01-20T00:00:00Z')]);
  await update();
  assert.match((await drydock(['export', at('newer.bundle'), ...sign])).out, /newer\.bundle, signed\.\n/);

  const take = (...args: string[]) => drydock(['import', ...args], 'elsewhere');
  const unsigned = await take(at('older.bundle'), ...verify);
  assert.deepEqual([unsigned.code, /is not signed/.test(unsigned.err)], [exitCodes.verificationFailed, true]);
  const taken = await take(at('newer.bundle'), ...verify);
  assert.deepEqual([taken.code, taken.err], [exitCodes.ok, '']);
  assert.match(taken.out, /^Advisories imported\.\n {2}imported /);
  assert.match((await take(at('newer.bundle'))).out, /^This bundle is loaded already\.\n/);
  const back = await take(at('older.bundle'));
  assert.equal(back.code, exitCodes.verificationFailed);
  assert.match(back.err, /older than the active data[\s\S]*--allow-rollback/);
  keys();
  assert.equal((await take(at('newer.bundle'), ...verify)).code, exitCodes.verificationFailed);
  writeFileSync(at('cut.bundle'), readFileSync(at('newer.bundle')));
  truncateSync(at('cut.bundle'), readFileSync(at('newer.bundle')).length - 20);
  const cut = await drydock(['import', at('cut.bundle')], 'third');
  assert.deepEqual([cut.code, /damaged or truncated|differs from its header/.test(cut.err)], [exitCodes.error, true]);
  assert.equal(existsSync(at('third/current.json')), false);
  assert.equal((await take(at('older.bundle'), '--allow-rollback')).code, exitCodes.ok);
});

test('an index of another format is said, and an update builds it anew', async (t) => {
  const { drydock, feed, from, at } = installation(t);
  feed('Debian', [osvDocument(1, '9')]);
  await drydock(['update', '--from', from, '--quiet']);
  const { active } = JSON.parse((await drydock(['status', '--json'])).out);
  const index = at(`data/snapshots/${snapshotFile(active.id)}`);
  const bytes = readFileSync(index);
  // The user version of a SQLite file stands at offset 60 of its header.
  bytes.writeUInt32BE(1, 60);
  writeFileSync(index, bytes);
  const status = await drydock(['status']);
  assert.deepEqual([status.code, /format 1; [\s\S]*db update/.test(status.err)], [exitCodes.advisoriesStale, true]);
  const some = await drydock(['update', '--from', from, '--quiet', '--only', 'Debian']);
  assert.deepEqual([some.code, /without --only/.test(some.err)], [exitCodes.advisoriesStale, true]);
  assert.equal((await drydock(['update', '--from', from, '--quiet'])).code, exitCodes.ok);
  assert.equal((await drydock(['status'])).code, exitCodes.ok);
});
