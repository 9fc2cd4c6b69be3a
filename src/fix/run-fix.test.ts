import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixBench } from '../../test/support/fix-world.ts';
import { type ToyAdvisory, toyWorld } from '../../test/support/toy-fixer.ts';
import type { Digest } from '../image/index.ts';

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

test('an image whose packages nobody could judge is not called fixed, and no id is called absent', async () => {
  const gap = { code: 'no_package_database', message: 'no database that this version reads', partial: true };
  for (const planOnly of [false, true]) {
    for (const selection of [{ kind: 'all-fixable' }, { kind: 'ids', ids: ['CVE-2024-0001'] }] as const) {
      const bench = fixBench();
      const { scan } = bench.deps;
      bench.deps = {
        ...bench.deps,
        async scan(...input) {
          const report = await scan(...input);
          return {
            ...report,
            scan: { ...report.scan, state: 'unsupported' },
            packages: [],
            findings: [],
            diagnostics: [gap],
          };
        },
      };
      const { report } = await bench.run({ selection, planOnly, strategy: 'best-effort' });
      assert.deepEqual(report.task.reason, { code: 'unsupported_image', message: gap.message });
      assert.deepEqual(report.diagnostics, [gap]);
      assert.deepEqual(
        report.outcomes.map(({ outcome }) => outcome),
        selection.kind === 'ids' ? ['unsupported'] : [],
      );
      assert.deepEqual(bench.repository.tagEvents, []);
    }
  }
});

test('what the scan of the source could not read is told by the report of the fix, once', async () => {
  const bench = fixBench();
  const { scan } = bench.deps;
  const gap = { code: 'truncated_tar', layer: 'sha256:0', message: 'the layer ends too early', partial: true };
  bench.deps = {
    ...bench.deps,
    scan: async (...input) => ({
      ...(await scan(...input)),
      diagnostics: [gap, gap, { code: 'end_of_life', message: 'old' }],
    }),
  };
  const { report } = await bench.run();
  assert.equal(report.task.status, 'success');
  assert.deepEqual(
    report.diagnostics.filter(({ code }) => code !== 'no_history'),
    [gap],
  );
});
