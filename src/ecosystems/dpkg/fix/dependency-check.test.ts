import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openToyImage } from '../../../../test/support/apply-packages.ts';
import { tar } from '../../../../test/support/test-image.ts';
import { readDatabase } from './database.ts';
import { brokenRelations } from './dependency-check.ts';

/** Records given as `name arch version`, with more fields; the first one is the upgraded package. */
async function check(...records: readonly (readonly [string, string?])[]): Promise<string[]> {
  const status = records.map(([words, more = '']) => {
    const [name, arch, version] = words.split(' ');
    return `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\nVersion: ${version}\n${more}\n`;
  });
  const database = readDatabase(await openToyImage(tar({ 'var/lib/dpkg/status': status.join('') })));
  assert.equal(database.installed.length, records.length);
  return brokenRelations(database, database.installed.slice(0, 1), 'amd64');
}

const same = 'Multi-Arch: same\n';
const foreign = 'Multi-Arch: foreign\n';
const needsB = 'Depends: b\n';

const rows: readonly [string, readonly (readonly [string, string?])[], string[]][] = [
  ['a dependency of the same architecture', [['a amd64 2', needsB], ['b amd64 1']], []],
  ['a missing one', [['a amd64 2', needsB]], ['a:amd64 needs b']],
  ['one that is too old', [['a amd64 2', 'Depends: b (>= 2)\n'], ['b amd64 1']], ['a:amd64 needs b (>= 2)']],
  [
    'one of a foreign architecture',
    [
      ['a amd64 2', needsB],
      ['b i386 1', same],
    ],
    ['a:amd64 needs b'],
  ],
  [
    'a foreign one that serves all',
    [
      ['a amd64 2', needsB],
      ['b i386 1', foreign],
    ],
    [],
  ],
  ['one for all architectures', [['a amd64 2', needsB], ['b all 1']], []],
  ['a foreign package needs its own kind', [['a i386 2', needsB], ['b all 1']], ['a:i386 needs b']],
  [
    'a qualified name',
    [
      ['a amd64 2', 'Depends: b:i386\n'],
      ['b i386 1', same],
    ],
    [],
  ],
  [
    'any architecture, where allowed',
    [
      ['a amd64 2', 'Depends: b:any\n'],
      ['b i386 1', 'Multi-Arch: allowed\n'],
    ],
    [],
  ],
  ['any architecture, where not', [['a amd64 2', 'Depends: b:any\n'], ['b i386 1']], ['a:amd64 needs b:any']],
  [
    'a provided name',
    [
      ['a amd64 2', 'Depends: c (>= 1)\n'],
      ['b amd64 1', 'Provides: c (= 1)\n'],
    ],
    [],
  ],
  [
    'a dependent that the upgrade fails',
    [['b amd64 2'], ['a amd64 1', 'Depends: b (<< 2)\n']],
    ['a:amd64 needs b (<< 2)'],
  ],
  ['what was broken before', [['a amd64 2'], ['c amd64 1', 'Depends: nothing\n']], []],
  [
    'a conflict with another architecture',
    [['a amd64 2', 'Breaks: b (<< 2)\n'], ['b i386 1']],
    ['a:amd64 breaks or conflicts with b (<< 2), which is installed'],
  ],
  ['a conflict with one architecture', [['a amd64 2', 'Conflicts: b:arm64\n'], ['b i386 1']], []],
  ['a conflict with what it provides itself', [['a amd64 2', 'Provides: m\nConflicts: m\n']], []],
];
for (const [name, records, broken] of rows) {
  test(`dependencies: ${name}`, async () => {
    assert.deepEqual(await check(...records), broken);
  });
}

test('what the plan says was never met is not held against the result', async () => {
  const status =
    'Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2\nDepends: b (>= 2) | c, d\n';
  const database = readDatabase(await openToyImage(tar({ 'var/lib/dpkg/status': status })));
  const broken = brokenRelations(database, database.installed, 'amd64', ['a needs b|c']);
  assert.deepEqual(broken, ['a:amd64 needs d']);
});
