import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFiles } from '../../test/arch/source-tree.ts';
import { advisoryWorld } from '../../test/support/advisory-world.ts';
import { toyAbout } from '../../test/support/toy-about.ts';
import type { Ecosystem, InstalledPackage } from '../ecosystems/index.ts';
import { worldsOf } from './worlds.ts';

const python: Ecosystem = {
  id: 'python',
  types: ['pypi'],
  kind: 'sca',
  about: toyAbout,
  catalogers: [],
  versions: { id: 'numbers', valid: (version) => /^[0-9]+$/.test(version), compare: (a, b) => Number(a) - Number(b) },
  advisoryNames: ['PyPI'],
  normaliseName: (name) => name.toLowerCase().replaceAll('_', '-'),
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'PyPI', on: 'binary', name, version }],
};

function pypi(name: string): InstalledPackage {
  const place = { arch: null, source: null, locations: [], ownedBy: null, held: false };
  return { purl: `pkg:pypi/${name.toLowerCase()}@4`, type: 'pypi', name, version: '4', ...place };
}

test('worlds: names are written and looked up in one spelling', async (t) => {
  const world = advisoryWorld(t, { ecosystems: [python] });
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '5' }] }];
  const affected = [{ package: { ecosystem: 'PyPI', name: 'Flask_Login' }, ranges }];
  world.feed('PyPI', [{ id: 'CVE-2024-0001', modified: '2026-01-01T00:00:00Z', affected }]);
  await world.service.update(world.request());
  using index = await world.service.open();
  for (const name of ['flask-login', 'Flask_Login', 'FLASK-LOGIN']) {
    assert.deepEqual(
      index.match([pypi(name)], undefined).matches.map(({ id }) => id),
      ['CVE-2024-0001'],
      name,
    );
  }
});

test('worlds: another world that looks into the same ecosystem uses its spelling', () => {
  const conda: Ecosystem = {
    ...{ id: 'conda', types: ['conda'], kind: 'sca', about: toyAbout, catalogers: [] },
    ...{ versions: python.versions, advisoryKeys: python.advisoryKeys },
  };
  const keys = worldsOf([conda, python]).keysOf({ ...pypi('A_B'), type: 'conda' }, undefined);
  assert.deepEqual(keys, [{ ecosystem: 'PyPI', on: 'binary', name: 'a-b', version: '4' }]);
});

test('worlds: keys are asked for in one place of the program, or names would go unnormalised', () => {
  const callers = sourceFiles('src').filter(
    ({ path, text }) => !path.endsWith('.test.ts') && /\.(advisoryKeys|normaliseName)(\?\.)?\(/.test(text),
  );
  assert.deepEqual(
    callers.map(({ path }) => path).filter((path) => !path.startsWith('src/ecosystems/')),
    ['src/advisories/worlds.ts'],
  );
});
