import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  toyConfig,
  toyDeps,
  toyKey,
  toyNow,
  toyOs,
  toyStanza,
  toySuite,
} from '../../../../test/support/toy-repository.ts';
import type { BlobStore, ImageView } from '../../../image/index.ts';
import { noProgress } from '../../../kernel/index.ts';
import type { FixFinding, FixInput, FixPlan, Outcome } from '../../fix-contract.ts';
import { createDebReader } from '../deb/reader.ts';
import { createDpkgPlanner } from './planner.ts';

const signal = new AbortController().signal;
const key = await toyKey();

/** One record of a status file. */
function record(name: string, version: string, more = ''): string {
  const status = more.includes('Status:') ? '' : 'Status: install ok installed\n';
  return `Package: ${name}\n${status}Architecture: amd64\nVersion: ${version}\n${more}\n`;
}

const status = [
  record('tool', '1', 'Source: kit (1.0)\n'),
  record('held', '1').replace('install ok', 'hold ok'),
  record('broken', '1'),
  record('stuck', '1', 'Depends: broken (= 1)\n'),
  record('vendor', '9+custom'),
  record('private', '1'),
  record('recent', '2'),
  record('late', '1'),
  record('i386tool', '1').replace('amd64', 'i386'),
].join('\n');

const offered = [
  toyStanza('tool', '2', { Source: 'kit (2.0)' }),
  toyStanza('held', '2'),
  toyStanza('broken', '2'),
  toyStanza('vendor', '3'),
  toyStanza('recent', '2'),
  toyStanza('late', '1.5'),
].join('');

function finding(name: string, fixedVersion: string | null, more: Partial<FixFinding> = {}): FixFinding {
  return {
    id: 'CVE-2026-0001',
    aliases: [],
    package: name,
    arch: 'amd64',
    installedVersion: '1',
    source: null,
    fixedVersion,
    on: 'source',
    state: fixedVersion === null ? 'unfixed' : 'fixed',
    severity: 'high',
    ...more,
  };
}

async function planFor(findings: readonly FixFinding[], more: Partial<FixInput> = {}): Promise<FixPlan> {
  const files = await toySuite(key, { suite: 'toy', packages: offered });
  const deps = toyDeps(toyConfig(key.armored), files);
  const planner = createDpkgPlanner({ ...deps, blobs: {} as BlobStore, reader: createDebReader() });
  const view: Pick<ImageView, 'small' | 'children'> = {
    small: (path) => (path === 'var/lib/dpkg/status' ? Buffer.from(status) : undefined),
    children: () => [],
  };
  const input: FixInput = {
    view: view as ImageView,
    os: toyOs,
    platform: { os: 'linux', architecture: 'amd64' },
    findings,
    pinned: new Set(),
    rejected: [],
    revision: 1,
    plannedAt: toyNow,
    ...more,
  };
  return planner.plan(input, signal, noProgress);
}

/** One row per outcome of fix-engine.md §2.1 that planning can reach. */
const rows: readonly [string, FixFinding, Outcome, RegExp | null, Partial<FixInput>?][] = [
  ['a fix by source version', finding('tool', '1.5'), 'fixed', null],
  ['a fix by binary version', finding('tool', '2', { on: 'binary' }), 'fixed', null],
  ['a name outside the grammar', finding('-oProxy=x', '2'), 'invalid_metadata', /grammar/],
  ['a version outside the grammar', finding('tool', '2', { installedVersion: '$(id)' }), 'invalid_metadata', /grammar/],
  ['a package that is not there', finding('absent', '2'), 'not_affected', /not installed/],
  ['a fix that is installed already', finding('recent', '2'), 'not_affected', /^already_fixed/],
  ['the source version decides', finding('tool', '1.0'), 'not_affected', /^already_fixed/],
  ['no fix, open', finding('tool', null), 'no_fix_published', /unfixed/],
  ['no fix, refused', finding('tool', null, { state: 'will_not_fix' }), 'no_fix_published', /will_not_fix/],
  ['no fix, end of life', finding('tool', null, { state: 'end_of_life' }), 'end_of_life', /no more fixes/],
  ['end of life, but the archive has it', finding('tool', '2.0', { state: 'end_of_life' }), 'fixed', null],
  ['announced, not in the archive', finding('late', '2'), 'fix_not_in_repository', /1\.5 in toy toy \(2026-02-28\)/],
  ['a rebuilt version', finding('vendor', '10'), 'unsupported', /^foreign_origin/],
  ['a package of nobody', finding('private', '2'), 'unsupported', /^foreign_origin/],
  ['another architecture', finding('i386tool', '2', { arch: 'i386' }), 'unsupported', /i386/],
  ['a hold', finding('held', '2'), 'held', /on hold/],
  ['a pin of the policy', finding('tool', '1.5'), 'held', /policy/, { pinned: new Set(['tool']) }],
  ['a reverse dependency', finding('broken', '2'), 'conflict', /stuck needs broken \(= 1\)/],
  [
    'a hole of the mirror',
    finding('tool', '1.5'),
    'download_failed',
    /missing/,
    { rejected: [{ package: 'tool', outcome: 'download_failed', detail: 'tool 2 is missing' }] },
  ],
  [
    'a platform without packages',
    finding('tool', '2'),
    'unsupported',
    /platform/,
    { platform: { os: 'windows', architecture: 'amd64' } },
  ],
];

describe('planner', () => {
  for (const [name, wanted, outcome, detail, more] of rows) {
    test(`${name}: ${outcome}`, async () => {
      const plan = await planFor([wanted], more);
      assert.equal(plan.outcomes.length, 1);
      assert.equal(plan.outcomes[0]?.outcome, outcome);
      if (detail === null) assert.equal(plan.outcomes[0]?.detail, null);
      else assert.match(plan.outcomes[0]?.detail ?? '', detail);
      assert.equal(plan.upgrades.length, outcome === 'fixed' ? 1 : 0);
    });
  }

  test('a plan says what it brings and from where, and is the same every time', async () => {
    const plan = await planFor([finding('tool', '1.5'), finding('held', '2')]);
    const [upgrade] = plan.upgrades;
    assert.equal(upgrade?.name, 'tool');
    assert.deepEqual([upgrade?.from, upgrade?.to], ['1', '2']);
    assert.deepEqual(upgrade?.source, { name: 'kit', version: '2.0' });
    assert.equal(upgrade?.repository, 'toy toy/main');
    assert.equal(upgrade?.path, 'pool/main/tool_2_amd64.deb');
    assert.equal(plan.outcomes[0]?.to, '2');
    assert.equal(plan.plannedAt, '2026-03-01T12:00:00Z');
    assert.equal(plan.estimate.download, 100);
    assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    const again = await planFor([finding('tool', '1.5'), finding('held', '2')]);
    assert.deepEqual({ ...again, indexes: [] }, { ...plan, indexes: [] });
  });

  test('nothing to repair needs no archive', async () => {
    const plan = await planFor([finding('recent', '2')], { os: undefined });
    assert.deepEqual(plan.indexes, []);
  });

  test('an image of an unknown system says what to configure', async () => {
    await assert.rejects(planFor([finding('tool', '2')], { os: undefined }), { code: 'unknown_release' });
  });
});
