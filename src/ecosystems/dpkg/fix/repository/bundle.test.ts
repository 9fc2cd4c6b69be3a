import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { before, describe, test } from 'node:test';
import {
  toyConfig,
  toyDeps,
  toyKey,
  toyNow,
  toyOs,
  toyStanza,
  toySuite,
} from '../../../../../test/support/toy-repository.ts';
import { digestOf, hexOf } from '../../../../image/index.ts';
import { fixedClock } from '../../../../kernel/index.ts';
import { openArchive } from './archive.ts';
import { writeBundle } from './bundle-writer.ts';
import { memoryFreshness } from './freshness.ts';
import { openAt } from './mirrors.ts';
import { readBounded } from './read-bounded.ts';

const signal = new AbortController().signal;
const pair = generateKeyPairSync('ed25519');
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const content = Buffer.from('a package');
const stanza = toyStanza('tool', '2', { SHA256: hexOf(digestOf(content)), Size: String(content.length) });
const poolPath = 'pool/main/tool_2_amd64.deb';

let key: Awaited<ReturnType<typeof toyKey>>;

/** Files of a bundle, made at `created`, below the directory `/toy`. */
async function makeBundle(created: Date): Promise<Map<string, Buffer>> {
  const files = await toySuite(key, { suite: 'toy', packages: stanza });
  files.set(poolPath, content);
  const deps = { ...toyDeps(toyConfig(key.armored), files), clock: fixedClock(created) };
  const bundle = new Map<string, Buffer>();
  const target = { write: async (path: string, bytes: Uint8Array) => void bundle.set(path, Buffer.from(bytes)) };
  const request = { os: toyOs, architectures: ['amd64'], packages: ['tool'], privateKey };
  await writeBundle(request, deps, target, signal);
  return bundle;
}

const mirror = { bundle: '/toy', publicKey };

function depsOf(files: Map<string, Buffer>, freshness = memoryFreshness(), trusted = publicKey) {
  const config = { ...toyConfig(key.armored), archives: { toy: [{ ...mirror, publicKey: trusted }] } };
  return toyDeps(config, files, { freshness });
}

describe('offline bundle', () => {
  before(async () => {
    key = await toyKey();
  });

  test('serves indexes and packages without a network', async () => {
    const deps = depsOf(await makeBundle(toyNow));
    const universe = await openArchive(toyOs, 'amd64', deps, signal);
    assert.equal(universe.candidates('tool')[0]?.version, '2');
    const file = await openAt(mirror, 'toy', poolPath, deps, signal);
    assert.deepEqual(await readBounded(file, 100, 'package'), content);
  });

  test('an older bundle than one used before is refused', async () => {
    const freshness = memoryFreshness();
    await openArchive(toyOs, 'amd64', depsOf(await makeBundle(toyNow), freshness), signal);
    const older = await makeBundle(new Date(toyNow.getTime() - 1000));
    await assert.rejects(openArchive(toyOs, 'amd64', depsOf(older, freshness), signal), { code: 'metadata_stale' });
  });

  test('a changed table is refused', async () => {
    const files = await makeBundle(toyNow);
    files.set('bundle.json', Buffer.concat([files.get('bundle.json') as Buffer, Buffer.from(' ')]));
    await assert.rejects(openArchive(toyOs, 'amd64', depsOf(files), signal), { code: 'metadata_untrusted' });
  });

  test('the key of somebody else is refused', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const deps = depsOf(await makeBundle(toyNow), memoryFreshness(), other);
    await assert.rejects(openArchive(toyOs, 'amd64', deps, signal), { code: 'metadata_untrusted' });
  });

  test('the vendor signature counts inside a bundle too', async () => {
    const files = await makeBundle(toyNow);
    const stranger = await toyKey();
    const deps = depsOf(files);
    const config = { ...deps.config, sources: toyConfig(stranger.armored).sources };
    await assert.rejects(openArchive(toyOs, 'amd64', { ...deps, config }, signal), { code: 'metadata_untrusted' });
  });

  test('a swapped file is refused', async () => {
    const files = await makeBundle(toyNow);
    files.set(`toy/${poolPath}`, Buffer.from('evil pack'));
    const file = await openAt(mirror, 'toy', poolPath, depsOf(files), signal);
    await assert.rejects(readBounded(file, 100, 'package'), { code: 'download_failed' });
  });

  test('a file that the table does not list is not there', async () => {
    const files = await makeBundle(toyNow);
    files.set('toy/pool/extra.deb', Buffer.from('x'));
    await assert.rejects(openAt(mirror, 'toy', 'pool/extra.deb', depsOf(files), signal), { code: 'download_failed' });
  });
});
