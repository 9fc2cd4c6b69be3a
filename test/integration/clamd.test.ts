import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createClamd } from '../../src/adapters/engines/clamd/clamd.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { detect, detectorOptions } from '../support/detection.ts';
import { realClamd } from '../support/real-clamd.ts';
import { needs } from '../support/system.ts';
import { zipArchive } from '../support/zip-archive.ts';

/** Text that our own signature knows; hex of it stands in the signature. */
const marker = 'drydock-own-marker-of-the-tests';
const databases = {
  'test.ndb': `Unix.Trojan.Drydock_Own-1:0:*:${Buffer.from(marker).toString('hex')}\n`,
  // Of the 544 bytes of clam.exe, the harmless file that all test files of ClamAV wrap.
  'test.hdb': 'aa15bcf478d165efd2065190eb473bcb:544:Drydock.Test.File\n',
};
const settings = ['StreamMaxLength 2M', 'MaxFileSize 2M', 'AlertExceedsMax no'];
const testFiles = '/usr/share/clamav-testfiles';
const signal = AbortSignal.timeout(120_000);

async function world(t: TestContext) {
  const system = needs(t, 'clamd');
  if (system === undefined) return undefined;
  const directory = await temporaryDirectory();
  t.after(() => directory[Symbol.asyncDispose]());
  const daemon = await realClamd(t, system.clamd, { directory: directory.path, databases, settings });
  return { daemon, directory: directory.path };
}

function client(t: TestContext, address: string, maxFileBytes = 1024 ** 2) {
  const engine = createClamd({ address, clock: systemClock, maxFileBytes });
  t.after(() => engine[Symbol.asyncDispose]());
  const scan = (path: string, bytes: Uint8Array, chunk = 65_536) =>
    engine.scan(
      { path, size: bytes.length },
      (async function* () {
        for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
      })(),
    );
  return { engine, scan };
}

test('the real daemon, on a unix socket and over tcp: versions, findings, archives, its limit, its end', async (t) => {
  const here = await world(t);
  if (here === undefined) return;
  for (const address of [here.daemon.unix, here.daemon.tcp]) {
    const { engine, scan } = client(t, address);
    assert.match(await engine.version(signal), /^ClamAV \d+\.\d+\.\d+ own \d{4}-\d\d-\d\d up to 1048576$/);
    assert.equal(engine.concern?.(new Date())?.code, 'engine_database_undated');
    assert.deepEqual(await scan('clean', Buffer.from('nothing of interest')), { hits: [], incomplete: null });
    const found = await scan('marked', Buffer.from(`before ${marker} after`));
    assert.deepEqual(
      found.hits.map(({ rule, title, level, family }) => [rule, title, level, family]),
      [['Unix.Trojan.Drydock_Own-1', 'Unix.Trojan.Drydock_Own-1.UNOFFICIAL', 'serious', 'Drydock_Own']],
    );
    const zip = zipArchive([{ name: 'inner/file', content: `deep ${marker}` }]);
    assert.equal((await scan('packed.zip', zip)).hits[0]?.rule, 'Unix.Trojan.Drydock_Own-1');
    // Many at a time: replies come in the order in which the threads of the daemon are done.
    const many = Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? `${marker} ${at}` : 'x'.repeat(at * 997)));
    const verdicts = await Promise.all(many.map((text, at) => scan(`f${at}`, Buffer.from(text))));
    assert.deepEqual(
      verdicts.map(({ hits, incomplete }) => [hits.length, incomplete]),
      many.map((_, at) => [at % 3 === 0 ? 1 : 0, null]),
    );
  }
  // One that believes in a larger limit than the daemon has.
  for (const address of [here.daemon.unix, here.daemon.tcp]) {
    const { scan } = client(t, address, 64 * 1024 ** 2);
    const big = Buffer.alloc(16 * 1024 ** 2, 'not much in it ');
    const { hits, incomplete } = await scan('big', big);
    assert.deepEqual([hits.length, incomplete?.code, incomplete?.partial], [0, 'engine_limit', true]);
    assert.equal((await scan('after', Buffer.from(marker))).hits.length, 1);
  }
  const { engine, scan } = client(t, here.daemon.unix);
  assert.equal((await scan('before', Buffer.from(marker))).hits.length, 1);
  await here.daemon.stop();
  assert.equal((await scan('gone', Buffer.from(marker))).incomplete?.code, 'engine_unreachable');
  await assert.rejects(engine.version(signal), { code: 'engine_unreachable' });
});

test('the daemon reaches a harmless file in containers that are not unpacked here', async (t) => {
  if (!existsSync(testFiles)) return t.skip('needs clamav-testfiles: run tools/system-deps.sh');
  const here = await world(t);
  if (here === undefined) return;
  const { scan } = client(t, here.daemon.unix);
  for (const name of ['clam.7z', 'clam.arj', 'clam.cab', 'clam.chm', 'clam.ole.doc', 'clam.pdf', 'clam.tar.gz']) {
    const { hits } = await scan(name, await readFile(join(testFiles, name)));
    assert.equal(hits[0]?.rule, 'Drydock.Test.File', name);
  }
});

test('the files of an image reach the daemon; without it the scan says what is missing', async (t) => {
  const here = await world(t);
  if (here === undefined) return;
  const { engine } = client(t, here.daemon.unix);
  const options = detectorOptions(['malware'], { engines: [engine] });
  const layers = [
    { 'opt/old': `gone ${marker}`, 'opt/clean': 'clean', 'opt/empty': '' },
    { 'opt/.wh.old': '', 'opt/big': 'x'.repeat(1_200_000) },
  ];
  const run = async () => {
    const { malicious = [], diagnostics } = await detect(options, layers, { now: new Date() });
    return {
      found: malicious.map(({ path, engines, rule, present, uncounted }) => [path, engines, rule, present, uncounted]),
      told: diagnostics.map(({ code, path, partial }) => [code, path, partial]),
    };
  };
  assert.deepEqual(await run(), {
    found: [['opt/old', ['clamd'], 'Unix.Trojan.Drydock_Own-1', false, undefined]],
    told: [
      ['engine_database_undated', undefined, undefined],
      ['engine_limit', 'opt/big', true],
    ],
  });
  await here.daemon.stop();
  assert.deepEqual(await run(), { found: [], told: [['engine_unreachable', undefined, true]] });
});
