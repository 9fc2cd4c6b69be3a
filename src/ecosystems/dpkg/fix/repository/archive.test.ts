import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  toyConfig,
  toyDeps,
  toyKey,
  toyNow,
  toyOs,
  toyStanza,
  toySuite,
} from '../../../../../test/support/toy-repository.ts';
import { openArchive } from './archive.ts';
import { memoryFreshness } from './freshness.ts';

const signal = new AbortController().signal;
const key = await toyKey();
const packages = [
  toyStanza('tool', '1.0-1', { Source: 'kit (1.0-1)', Depends: 'libtool2 (>= 1)', 'Multi-Arch': 'foreign' }),
  toyStanza('tool', '1.2-1', { Source: 'kit' }),
  toyStanza('data', '3', { Architecture: 'all', Provides: 'words, dictionary (= 3)' }),
  toyStanza('other', '3', { Architecture: 'i386' }),
].join('');

test('candidates: highest version first, source version, provided names, only this architecture', async () => {
  const files = await toySuite(key, { suite: 'toy', packages });
  const universe = await openArchive(toyOs, 'amd64', toyDeps(toyConfig(key.armored), files), signal);
  const versions = universe.candidates('tool').map(({ version, source }) => [version, source]);
  assert.deepEqual(versions, [
    ['1.2-1', { name: 'kit', version: '1.2-1' }],
    ['1.0-1', { name: 'kit', version: '1.0-1' }],
  ]);
  assert.equal(universe.candidates('tool')[1]?.depends, 'libtool2 (>= 1)');
  assert.deepEqual(
    universe.providers('dictionary').map(({ name }) => name),
    ['data'],
  );
  assert.deepEqual(universe.candidates('other'), []);
  assert.deepEqual(universe.candidates('absent'), []);
});

test('the plan can cite what it rests on', async () => {
  const files = await toySuite(key, { suite: 'toy', packages, byHash: true });
  const universe = await openArchive(toyOs, 'amd64', toyDeps(toyConfig(key.armored), files), signal);
  const [index] = universe.indexes;
  assert.equal(index?.date, '2026-02-28T12:00:00Z');
  assert.match(index?.inRelease ?? '', /^sha256:[0-9a-f]{64}$/);
  assert.equal(index?.packages.length, 1);
  assert.deepEqual(universe.suites, ['toy toy (2026-02-28)']);
});

test('the parsed index is cached by the hash of the signed original', async () => {
  const files = await toySuite(key, { suite: 'toy', packages });
  const deps = toyDeps(toyConfig(key.armored), files);
  await openArchive(toyOs, 'amd64', deps, signal);
  files.delete('dists/toy/main/binary-amd64/Packages.gz');
  const universe = await openArchive(toyOs, 'amd64', deps, signal);
  assert.equal(universe.candidates('tool').length, 2);
});

test('a damaged cache entry is read anew', async () => {
  const files = await toySuite(key, { suite: 'toy', packages });
  const deps = toyDeps(toyConfig(key.armored), files);
  const spoilt = { ...deps, cache: { get: async () => Buffer.from('ddpkgs1\nrubbish'), put: async () => {} } };
  const universe = await openArchive(toyOs, 'amd64', spoilt, signal);
  assert.equal(universe.candidates('tool').length, 2);
});

test('a mirror that announces by-hash without having it is read by name', async () => {
  const files = await toySuite(key, { suite: 'toy', packages, byHash: true });
  const hashed = [...files.keys()].find((path) => path.includes('by-hash')) ?? '';
  files.set('dists/toy/main/binary-amd64/Packages.gz', files.get(hashed) as Buffer);
  files.delete(hashed);
  const universe = await openArchive(toyOs, 'amd64', toyDeps(toyConfig(key.armored), files), signal);
  assert.equal(universe.candidates('data').length, 1);
});

test('a frozen suite outlives its key: validity is judged at the time of signing', async () => {
  const created = new Date('2025-01-01T00:00:00Z');
  const old = await toyKey({ created, seconds: 86_400 });
  const date = new Date('2025-01-01T10:00:00Z');
  const files = await toySuite(old, { suite: 'toy', packages, date });
  const universe = await openArchive(toyOs, 'amd64', toyDeps(toyConfig(old.armored), files), signal);
  assert.equal(universe.candidates('tool').length, 2);
});

test('a Valid-Until just passed is forgiven for five minutes', async () => {
  const validUntil = new Date(toyNow.getTime() - 4 * 60_000);
  const files = await toySuite(key, { suite: 'toy', packages, validUntil });
  const universe = await openArchive(toyOs, 'amd64', toyDeps(toyConfig(key.armored), files), signal);
  assert.equal(universe.suites.length, 1);
});

test('the same index again is not a replay', async () => {
  const files = await toySuite(key, { suite: 'toy', packages });
  const deps = toyDeps(toyConfig(key.armored), files, { freshness: memoryFreshness() });
  await openArchive(toyOs, 'amd64', deps, signal);
  const universe = await openArchive(toyOs, 'amd64', deps, signal);
  assert.equal(universe.candidates('tool').length, 2);
});

test('a mirror in the middle of an update is read a second time', async () => {
  const before = await toySuite(key, { suite: 'toy', packages });
  const after = await toySuite(key, {
    suite: 'toy',
    packages: packages + toyStanza('late', '1'),
    date: new Date('2026-02-28T18:00:00Z'),
  });
  const deps = toyDeps(toyConfig(key.armored), after);
  let asked = 0;
  const files: typeof deps.files = {
    async open(path, abort) {
      const old = path.endsWith('InRelease') && asked++ === 0 ? before.get('dists/toy/InRelease') : undefined;
      if (old === undefined) return deps.files.open(path, abort);
      return (async function* () {
        yield old;
      })();
    },
  };
  const universe = await openArchive(toyOs, 'amd64', { ...deps, files }, signal);
  assert.equal(universe.candidates('late').length, 1);
});

test('an unknown release names the configuration to change', async () => {
  const deps = toyDeps(toyConfig(key.armored), new Map());
  await assert.rejects(openArchive({ ...toyOs, versionId: '2' }, 'amd64', deps, signal), {
    code: 'unknown_release',
    hint: /fix\.sources/,
  });
});

test('an architecture that no suite serves is no empty plan', async () => {
  const files = await toySuite(key, { suite: 'toy', packages });
  const deps = toyDeps(toyConfig(key.armored), files);
  await assert.rejects(openArchive(toyOs, 's390x', deps, signal), { code: 'unknown_release' });
});
