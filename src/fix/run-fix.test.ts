import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixBench, toyImage } from '../../test/support/fix-world.ts';
import { buildTestIndex } from '../../test/support/test-image.ts';
import { type ToyAdvisory, toyWorld } from '../../test/support/toy-fixer.ts';
import type { Digest } from '../image/index.ts';
import { fixedClock } from '../kernel/index.ts';

const high: ToyAdvisory = { id: 'CVE-2024-0001', package: 'libfoo', fixed: 2, level: 'high' };
const unfixed: ToyAdvisory = { id: 'CVE-2024-0002', package: 'other', fixed: null, level: 'medium' };

interface Document {
  readonly layers: { digest: string; mediaType: string; annotations?: Record<string, string> }[];
  readonly config: { digest: string };
  readonly annotations?: Record<string, string>;
}

interface Config {
  readonly created: string;
  readonly rootfs: { diff_ids: string[] };
  readonly history: { created_by: string }[];
  readonly config: { Cmd: string[]; Labels: Record<string, string> };
}

function json<T>(bytes: Uint8Array | undefined): T {
  return JSON.parse(Buffer.from(bytes ?? []).toString()) as T;
}

test('a fix adds one layer, proves it by a rescan and tags it last', async () => {
  const bench = fixBench();
  const { report, failure } = await bench.run();
  assert.equal(failure, undefined);
  assert.equal(report.task.status, 'success');
  assert.equal(report.task.stage, 'promoted');
  assert.deepEqual(report.outcomes, [
    {
      id: 'CVE-2024-0001',
      package: 'libfoo',
      from: '1',
      to: '2',
      outcome: 'fixed',
      detail: null,
      evidence: { rescan: 'absent', changelog: 'names the CVE' },
    },
  ]);
  assert.equal(report.result?.digest, bench.repository.tagMap.get('fixed'));
  assert.equal(report.counts.before.total, 1);
  assert.equal(report.counts.after?.total, 0);
  const source = json<Document>(bench.repository.documents.get(report.source.digest)?.bytes);
  const result = json<Document>(bench.repository.documents.get(report.result?.digest ?? '')?.bytes);
  assert.deepEqual(result.layers.slice(0, -1), source.layers);
  assert.equal(result.layers.at(-1)?.digest, report.result?.layer.digest);
  assert.deepEqual(bench.repository.tagEvents, [{ tag: 'fixed', digest: report.result?.digest }]);
});

test('only the documented keys of the config change, and all times come from the plan', async () => {
  const bench = fixBench();
  const { report } = await bench.run();
  const manifest = json<Document>(bench.repository.documents.get(report.result?.digest ?? '')?.bytes);
  const config = json<Config>(bench.repository.blobs.get(manifest.config.digest));
  assert.equal(config.created.slice(0, 19), '2024-02-01T12:34:56');
  assert.equal(config.rootfs.diff_ids.length, 2);
  assert.equal(config.history.length, 2);
  assert.deepEqual(config.config.Cmd, ['/bin/sh']);
  assert.equal(config.config.Labels['io.drydock.fix.origin.digest'], report.source.digest);
  assert.equal(manifest.annotations?.['io.drydock.fix.engine'], 'drydock 0.1.0');
  assert.ok(manifest.layers.at(-1)?.annotations?.['io.drydock.fix.layer']?.startsWith('sha256:'));
});

test('the same inputs give the same bytes', async () => {
  const digests = await Promise.all([fixBench().run(), fixBench().run()]);
  assert.equal(digests[0].report.result?.digest, digests[1].report.result?.digest);
  assert.ok(digests[0].report.result);
});

test('nothing to fix is a success that changes nothing', async () => {
  const bench = fixBench(toyWorld({ advisories: [] }));
  const { report } = await bench.run();
  assert.equal(report.task.status, 'success');
  assert.equal(report.task.stage, 'planned');
  assert.equal(report.result, null);
  assert.deepEqual(bench.repository.tagEvents, []);
  assert.deepEqual(bench.repository.uploads, []);
});

test('an unknown id is not affected, a known alias names its vulnerability', async () => {
  const bench = fixBench();
  const { report } = await bench.run({ selection: { kind: 'ids', ids: ['CVE-1999-9999'] } });
  assert.equal(report.task.status, 'success');
  assert.deepEqual(
    report.outcomes.map(({ id, outcome, package: name }) => [id, outcome, name]),
    [['CVE-1999-9999', 'not_affected', null]],
  );
  const other = await fixBench().run({ selection: { kind: 'ids', ids: ['tsa-2024-0001'] } });
  assert.deepEqual(other.report.requested, ['CVE-2024-0001']);
  assert.equal(other.report.task.status, 'success');
});

test('best effort delivers what can be fixed and ends partial', async () => {
  const bench = fixBench(toyWorld({ advisories: [high, unfixed] }));
  const { report } = await bench.run({ selection: { kind: 'severities', levels: ['high', 'medium'] } });
  assert.equal(report.task.status, 'partial');
  assert.deepEqual(
    report.outcomes.map(({ id, outcome }) => [id, outcome]),
    [
      ['CVE-2024-0001', 'fixed'],
      ['CVE-2024-0002', 'no_fix_published'],
    ],
  );
  assert.ok(bench.repository.tagMap.has('fixed'));
});

test('all or nothing delivers nothing when one stays open, and says which', async () => {
  const bench = fixBench(toyWorld({ advisories: [high, unfixed] }));
  const { report } = await bench.run({
    selection: { kind: 'ids', ids: [high.id, unfixed.id] },
    strategy: 'all-or-nothing',
  });
  assert.equal(report.task.status, 'failed');
  assert.equal(report.task.reason?.code, 'all_or_nothing_unmet');
  assert.deepEqual(
    report.outcomes.map(({ outcome }) => outcome),
    ['cancelled', 'no_fix_published'],
  );
  assert.deepEqual(bench.repository.uploads, []);
});

test('a plan shows what would happen and leaves no trace', async () => {
  const bench = fixBench();
  const { report, plans, target } = await bench.run({ planOnly: true });
  assert.equal(report.task.stage, 'planned');
  assert.equal(plans[0]?.upgrades[0]?.to, '2');
  assert.equal(target, 'registry.example/team/app:fixed');
  assert.deepEqual([bench.blobs.blobs.size, bench.journal.history.length, bench.repository.uploads.length], [0, 0, 0]);
});

test('packages that cannot be had are planned around', async () => {
  const advisories: ToyAdvisory[] = [high, { id: 'CVE-2024-0003', package: 'other', fixed: 2, level: 'low' }];
  for (const key of ['missing', 'refused'] as const) {
    const outcome = key === 'missing' ? 'download_failed' : 'needs_script';
    const world = toyWorld({ advisories, available: { libfoo: 2, other: 2 }, [key]: { other: outcome } });
    const { report, plans } = await fixBench(world).run();
    assert.equal(report.task.status, 'partial');
    assert.deepEqual(
      report.outcomes.map((entry) => entry.outcome),
      ['fixed', outcome],
    );
    assert.equal(plans[0]?.revision, 2);
  }
});

test('packages of the user stay as they are when pinned', async () => {
  const { report } = await fixBench().run({ pinned: new Set(['libfoo']) });
  assert.equal(report.outcomes[0]?.outcome, 'held');
  assert.equal(report.task.reason?.code, 'nothing_applicable');
});

test('an image whose database cannot be written is unsupported', async () => {
  const { report } = await fixBench(toyWorld({ unsupported: 'a database of an unknown kind' })).run();
  assert.equal(report.task.reason?.code, 'unsupported_image');
  assert.equal(report.outcomes[0]?.outcome, 'unsupported');
  assert.equal(report.outcomes[0]?.detail, 'a database of an unknown kind');
});

test('a second run of the same command returns the finished task', async () => {
  const bench = fixBench();
  const first = await bench.run();
  const uploads = bench.repository.uploads.length;
  const second = await bench.run();
  assert.deepEqual(second.report, JSON.parse(JSON.stringify(first.report)));
  assert.equal(bench.repository.uploads.length, uploads);
  assert.equal(bench.repository.tagEvents.length, 1);
});

test('many identical commands at once are one task', async () => {
  const bench = fixBench();
  const runs = await Promise.all(Array.from({ length: 50 }, () => bench.run()));
  assert.equal(new Set(runs.map(({ report }) => report.task.id)).size, 1);
  assert.equal(bench.repository.tagEvents.length, 1);
});

test('of two different tasks for one tag the later finds it moved', async () => {
  const bench = fixBench(toyWorld({ advisories: [high, { ...high, id: 'CVE-2024-0004' }] }));
  const results = await Promise.allSettled([
    bench.run({ selection: { kind: 'ids', ids: [high.id] } }),
    bench.run({ selection: { kind: 'all-fixable' } }),
  ]);
  assert.equal(results[0].status, 'fulfilled');
  assert.equal(results[1].status === 'rejected' && results[1].reason.code, 'target_moved');
  assert.equal(bench.repository.tagEvents.length, 1);
});

test('fixing a patched image again replaces our layer and keeps what it had repaired', async () => {
  const bench = fixBench(toyWorld({ available: { libfoo: 2, other: 2 } }));
  const first = await bench.run();
  bench.world.advisories.push({ id: 'CVE-2024-0005', package: 'other', fixed: 2, level: 'high' });
  bench.clock = fixedClock('2024-03-01T00:00:00Z');
  const second = await bench.run({ reference: 'registry.example/team/app:fixed', target: { tag: 'fixed-2' } });
  assert.equal(second.report.task.status, 'success');
  const layers = (digest = ''): string[] =>
    json<Document>(bench.repository.documents.get(digest)?.bytes).layers.map((layer) => layer.digest);
  const before = layers(first.report.result?.digest);
  const after = layers(second.report.result?.digest);
  assert.equal(after.length, before.length);
  assert.deepEqual(after.slice(0, -1), before.slice(0, -1));
  assert.deepEqual(
    second.report.upgrades.map(({ name, to }) => [name, to]),
    [
      ['libfoo', '2'],
      ['other', '2'],
    ],
  );
  assert.deepEqual(second.report.requested, ['CVE-2024-0005']);
});

test('our layer stays when replacing it would lose a repair', async () => {
  const bench = fixBench(toyWorld({ available: { libfoo: 2, other: 2 } }));
  const first = await bench.run();
  bench.world.advisories.push({ id: 'CVE-2024-0005', package: 'other', fixed: 2, level: 'high' });
  bench.world.available = { other: 2 };
  const second = await bench.run({ reference: 'registry.example/team/app:fixed', target: { tag: 'fixed-2' } });
  assert.equal(second.report.task.status, 'success');
  const document = json<Document>(bench.repository.documents.get(second.report.result?.digest ?? '')?.bytes);
  assert.equal(document.layers.length, 3);
  assert.equal(document.layers[1]?.digest, first.report.result?.layer.digest);
});

test('labels alone do not make a layer ours', async () => {
  const bench = fixBench(toyWorld({ available: { libfoo: 2, other: 2 } }));
  await bench.run();
  bench.journal.results.clear();
  bench.world.advisories.push({ id: 'CVE-2024-0005', package: 'other', fixed: 2, level: 'high' });
  const { report } = await bench.run({ reference: 'registry.example/team/app:fixed', target: { tag: 'fixed-2' } });
  const document = json<Document>(bench.repository.documents.get(report.result?.digest ?? '')?.bytes);
  assert.equal(document.layers.length, 3);
});

test('in an index the chosen platforms are repaired, the rest stays byte for byte', async () => {
  const amd = toyImage({ libfoo: 1 });
  const arm = toyImage({ libfoo: 1 }, { config: { architecture: 'arm64' } });
  const index = buildTestIndex([
    { image: amd, platform: { os: 'linux', architecture: 'amd64' } },
    { image: arm, platform: { os: 'linux', architecture: 'arm64' } },
  ]);
  const setUp = (): ReturnType<typeof fixBench> => {
    const bench = fixBench(toyWorld(), amd);
    bench.repository.seed('arm', arm);
    bench.repository.seed('v1', index);
    return bench;
  };
  const one = setUp();
  const { report } = await one.run({ platforms: [{ os: 'linux', architecture: 'amd64' }] });
  assert.equal(report.task.status, 'success');
  assert.equal(one.repository.tagMap.get('fixed'), report.result?.indexDigest);
  const text = Buffer.from(one.repository.documents.get(report.result?.indexDigest ?? '')?.bytes ?? []).toString();
  const expected = index.manifest
    .toString()
    .replace(amd.digest, report.result?.digest ?? '')
    .replace(
      `"size":${amd.manifest.length}`,
      `"size":${one.repository.documents.get(report.result?.digest ?? '')?.bytes.length}`,
    );
  assert.equal(text, expected);
  const both = await setUp().run({ platforms: 'all' });
  assert.equal(both.report.task.status, 'success');
  assert.deepEqual(
    both.report.outcomes.map(({ platform, outcome }) => [platform, outcome]),
    [
      ['linux/amd64', 'fixed'],
      ['linux/arm64', 'fixed'],
    ],
  );
  assert.equal(both.report.result?.platforms?.length, 2);
});

test('the result can go to another repository, with every layer and the other platforms', async () => {
  const amd = toyImage({ libfoo: 1 });
  const arm = toyImage({ libfoo: 1 }, { config: { architecture: 'arm64' } });
  const bench = fixBench(toyWorld(), amd);
  bench.repository.seed('arm', arm);
  bench.repository.seed(
    'v1',
    buildTestIndex([
      { image: amd, platform: { os: 'linux', architecture: 'amd64' } },
      { image: arm, platform: { os: 'linux', architecture: 'arm64' } },
    ]),
  );
  const { report } = await bench.run({ output: 'oci:out', platforms: [{ os: 'linux', architecture: 'amd64' }] });
  const output = bench.outputs.get('oci:out');
  assert.equal(report.result?.reference, 'oci:out:fixed');
  assert.equal(output?.tagMap.get('fixed'), report.result?.indexDigest);
  assert.ok(output?.documents.has(arm.digest as Digest));
  for (const digest of [...arm.blobs.keys()]) assert.ok(output?.blobs.has(digest));
  assert.deepEqual(bench.repository.tagEvents, []);
});

test('what was built is no longer kept locally once it was delivered; the evidence is', async () => {
  const bench = fixBench();
  const { report } = await bench.run();
  assert.equal(bench.blobs.blobs.has(report.result?.layer.digest as Digest), false);
  assert.ok(bench.blobs.blobs.has(report.verification?.report as Digest));
});

test('progress tells every stage once', async () => {
  const bench = fixBench();
  const stages: string[] = [];
  bench.deps = {
    ...bench.deps,
    progress: (event) => {
      if (event.kind === 'stage') stages.push(event.stage);
    },
  };
  await bench.run();
  assert.deepEqual(stages, ['planned', 'fetching', 'building', 'pushing', 'verifying', 'promoted']);
});
