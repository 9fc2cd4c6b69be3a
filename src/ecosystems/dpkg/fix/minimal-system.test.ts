import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimalSystem } from './minimal-system.ts';
import type { Candidate, PackageUniverse } from './universe.ts';

function candidate(name: string, change: Partial<Candidate> = {}): Candidate {
  return {
    name,
    version: '1',
    arch: 'amd64',
    source: { name, version: '1' },
    multiArch: 'no',
    preDepends: '',
    depends: '',
    breaks: '',
    conflicts: '',
    provides: '',
    path: `pool/${name}.deb`,
    size: 1,
    sha256: '0'.repeat(64),
    installedSize: 0,
    archive: 'debian',
    suite: 'bullseye',
    component: 'main',
    ...change,
  };
}

function universe(candidates: readonly Candidate[]): PackageUniverse {
  const named = (name: string): readonly Candidate[] => candidates.filter((entry) => entry.name === name);
  return {
    arch: 'amd64',
    candidates: named,
    providers: (name) => candidates.filter(({ provides }) => provides === name),
    indexes: [],
    suites: [],
    diagnostics: [],
  };
}

const names = (candidates: readonly Candidate[]): readonly string[] =>
  minimalSystem(universe(candidates)).map(({ name }) => name);

test('roots bring what they depend on, and nothing else comes', () => {
  const set = names([
    candidate('bash', { preDepends: 'libc6 (>= 1)', depends: 'base-files' }),
    candidate('libc6', { depends: 'libgcc-s1' }),
    candidate('libgcc-s1'),
    candidate('base-files'),
    candidate('games'),
  ]);
  assert.deepEqual(set, ['base-files', 'bash', 'libc6', 'libgcc-s1']);
});

test('of alternatives, one that is chosen already, else the first that exists in a fitting version', () => {
  const set = names([
    candidate('apt', { depends: 'absent | gpgv (>= 2) | gpgv1 | passwd' }),
    candidate('passwd', { depends: 'gpgv | gpgv1, other (>= 2) | libnew' }),
    candidate('gpgv'),
    candidate('gpgv1'),
    candidate('other'),
    candidate('libnew'),
  ]);
  assert.deepEqual(set, ['apt', 'gpgv', 'libnew', 'passwd']);
});

test('a virtual package is met by a provider, a chosen one before another', () => {
  const set = names([
    candidate('base-files', { depends: 'awk' }),
    candidate('gawk', { provides: 'awk' }),
    candidate('mawk', { provides: 'awk' }),
  ]);
  assert.deepEqual(set, ['base-files', 'mawk']);
});

test('dependencies that lead on and on are refused', () => {
  const chain = Array.from({ length: 500 }, (_, index) => candidate(`p${index}`, { depends: `p${index + 1}` }));
  assert.throws(() => minimalSystem(universe([candidate('bash', { depends: 'p0' }), ...chain])), RangeError);
});
