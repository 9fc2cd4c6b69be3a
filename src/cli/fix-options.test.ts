import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FixOptions, parseFixRequest } from './fix-options.ts';
import { UsageError } from './output/errors.ts';

const base: FixOptions = {
  allFixable: true,
  tag: 'fixed',
  overwrite: 'never',
  gate: 'high',
  attach: 'sbom,vex,provenance',
  progress: 'auto',
};

test('selectors are best effort, named ids are all or nothing, and both can be told otherwise', () => {
  assert.equal(parseFixRequest('r:1', base).strategy, 'best-effort');
  const { allFixable: _, ...rest } = base;
  const named = parseFixRequest('r:1', { ...rest, cve: ['CVE-1,CVE-2', 'CVE-3'] });
  assert.equal(named.strategy, 'all-or-nothing');
  assert.deepEqual(named.selection, { kind: 'ids', ids: ['CVE-1', 'CVE-2', 'CVE-3'] });
  assert.equal(parseFixRequest('r:1', { ...base, strategy: 'all-or-nothing' }).strategy, 'all-or-nothing');
});

test('selections, platforms and documents become what the engine knows', () => {
  const { allFixable: _, ...rest } = base;
  assert.deepEqual(parseFixRequest('r:1', { ...rest, severity: 'critical,high' }).selection, {
    kind: 'severities',
    levels: ['critical', 'high'],
  });
  assert.deepEqual(parseFixRequest('r:1', { ...rest, package: ['openssl'] }).selection, {
    kind: 'packages',
    names: ['openssl'],
  });
  assert.deepEqual(parseFixRequest('r:1', { ...base, platform: ['linux/arm64/v8', 'linux/amd64'] }).platforms, [
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
    { os: 'linux', architecture: 'amd64' },
  ]);
  assert.equal(parseFixRequest('r:1', { ...base, platform: ['all'] }).platforms, 'all');
  assert.deepEqual(parseFixRequest('r:1', { ...base, attach: 'none' }).attach, []);
});

const refused: readonly (readonly [string, Partial<Record<keyof FixOptions, unknown>>])[] = [
  ['nothing selected', { allFixable: undefined }],
  ['two selections', { cve: ['CVE-1'] }],
  ['no name for the result', { tag: undefined }],
  ['two names for the result', { tagSuffix: '-x' }],
  ['unknown severity', { allFixable: undefined, severity: 'awful' }],
  ['empty severity', { allFixable: undefined, severity: ',' }],
  ['unknown strategy', { strategy: 'hope' }],
  ['unknown policy', { overwrite: 'maybe' }],
  ['unknown gate', { gate: 'awful' }],
  ['unknown document', { attach: 'poem' }],
  ['half a platform', { platform: ['linux/'] }],
];

for (const [name, change] of refused) {
  test(`refused: ${name}`, () => {
    const options = Object.fromEntries(
      Object.entries({ ...base, ...change }).filter(([, value]) => value !== undefined),
    ) as unknown as FixOptions;
    assert.throws(() => parseFixRequest('r:1', options), UsageError);
  });
}

test('a plan needs no name for the result', () => {
  const { tag: _, ...rest } = base;
  assert.deepEqual(parseFixRequest('r:1', { ...rest, plan: true }).target, { suffix: '-fixed' });
});
