import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { FixRequest } from '../../src/fix/index.ts';
import { digestOf } from '../../src/image/index.ts';
import { CodedError } from '../../src/kernel/index.ts';
import { agingAdvisories, diskFull, failing, lostTag, moving, oddConfig, wrongDigest } from '../support/fix-faults.ts';
import { type FixBench, fixBench, toyImage } from '../support/fix-world.ts';
import { type ToyAdvisory, toyWorld } from '../support/toy-fixer.ts';

/** A hostile input or fault of the fix path, and the typed ending that it must lead to. */
interface Row {
  /** Group of hostile-inputs.md. */
  readonly group: number;
  readonly name: string;
  readonly bench?: () => FixBench;
  readonly disturb?: (bench: FixBench) => void;
  readonly request?: Partial<FixRequest>;
  /** Code of the report's reason, or of the refusal; undefined = the fix succeeds. */
  readonly code?: string;
  readonly outcomes?: readonly string[];
}

const high: ToyAdvisory = { id: 'CVE-2024-0001', package: 'libfoo', fixed: 2, level: 'high' };

const tagRow = (name: string, tag: string): Row => ({
  group: 29,
  name,
  request: { target: { tag } },
  code: 'invalid_tag',
});

const rows: readonly Row[] = [
  {
    group: 8,
    name: 'the source tag names another manifest when the result is to be pushed',
    disturb: ({ repository, deps }) => {
      const { scan } = deps;
      let scans = 0;
      Object.assign(deps, {
        scan: async (...input: Parameters<typeof scan>) => {
          const report = await scan(...input);
          if (scans++ === 0) repository.seed('v1', toyImage({ libfoo: 1, other: 9 }));
          return report;
        },
      });
    },
    code: 'source_changed',
    outcomes: ['cancelled'],
  },
  tagRow('path', '../x'),
  tagRow('shell separator', 'latest;id'),
  tagRow('substitution', '$(id)'),
  tagRow('too long', 'a'.repeat(129)),
  tagRow('digest', `@sha256:${'0'.repeat(64)}`),
  tagRow('empty', ''),
  tagRow('unicode', 'gefixt-ü'),
  tagRow('line feed', 'a\nb'),
  tagRow('leading dash', '-rf'),
  tagRow('our own temporary tags', 'drydock-tmp-x'),
  tagRow('equal to the source tag', 'v1'),
  { group: 29, name: 'longest tag', request: { target: { tag: 'a'.repeat(128) } } },
  {
    group: 29,
    name: 'suffix that makes the tag too long',
    request: { target: { suffix: 'x'.repeat(127) } },
    code: 'invalid_tag',
  },
  {
    group: 29,
    name: 'suffix on a source named by digest',
    request: {
      reference: `registry.example/team/app@${toyImage({ libfoo: 1, other: 1 }).digest}`,
      target: { suffix: '-x' },
    },
    code: 'unusable_request',
  },
  {
    group: 29,
    name: 'tag exists and may never be moved',
    disturb: ({ repository }) => repository.seed('fixed', toyImage({ somebody: 1 })),
    code: 'tag_immutable',
  },
  {
    group: 29,
    name: 'tag exists, is not ours, and only ours may be moved',
    disturb: ({ repository }) => repository.seed('fixed', toyImage({ somebody: 1 })),
    request: { overwrite: 'ours' },
    code: 'tag_immutable',
  },
  {
    group: 29,
    name: 'tag exists and may be moved',
    disturb: ({ repository }) => repository.seed('fixed', toyImage({ somebody: 1 })),
    request: { overwrite: 'always' },
  },
  {
    group: 29,
    name: 'registry refuses to move the tag',
    disturb: failing('putTag', 'tag_immutable'),
    code: 'tag_immutable',
  },
  {
    group: 30,
    name: 'the repository serves another image under the pushed digest',
    disturb: ({ repository }) => {
      const manifest = repository.manifest.bind(repository);
      let pushed = false;
      repository.disturb = (name) => {
        if (name === 'putManifest') pushed = true;
      };
      repository.manifest = (reference) => manifest(pushed ? 'v1' : reference);
    },
    code: 'digest_mismatch',
    outcomes: ['cancelled'],
  },
  { group: 33, name: 'onbuild, health check, odd shell, user, empty entrypoint, unknown fields', bench: oddConfig },
  {
    group: 33,
    name: 'history counts other layers than there are',
    bench: () => fixBench(toyWorld(), toyImage({ libfoo: 1 }, { config: { history: [{}, {}, {}] } })),
  },
  {
    group: 33,
    name: 'one megabyte of labels',
    bench: () =>
      fixBench(toyWorld(), toyImage({ libfoo: 1 }, { config: { config: { Labels: { a: 'x'.repeat(1e6) } } } })),
  },
  {
    group: 33,
    name: 'diff_id is not what the layer unpacks to',
    bench: () =>
      fixBench(
        toyWorld(),
        toyImage({ libfoo: 1 }, { config: { rootfs: { type: 'layers', diff_ids: [digestOf('x')] } } }),
      ),
    code: 'digest_mismatch',
  },
  {
    group: 34,
    name: 'blob accepted, manifest fails',
    disturb: failing('putManifest', 'unavailable'),
    code: 'registry_rejected',
  },
  { group: 34, name: 'manifest stored under another digest', disturb: wrongDigest, code: 'digest_mismatch' },
  { group: 34, name: 'quota', disturb: failing('putBlob', 'quota'), code: 'registry_quota' },
  { group: 34, name: 'no right to push', disturb: failing('putBlob', 'denied'), code: 'registry_rejected' },
  { group: 34, name: 'untagged manifests are refused', disturb: failing('putManifest', 'invalid_request') },
  {
    group: 34,
    name: 'somebody sets the tag between plan and push',
    disturb: moving('putManifest', 'fixed'),
    code: 'target_moved',
  },
  { group: 34, name: 'somebody sets the tag right after us', disturb: lostTag, code: 'target_moved' },
  {
    group: 34,
    name: 'referrers are refused, the policy does not need them',
    disturb: failing('putReferrer', 'denied'),
    request: { attach: ['sbom'] },
  },
  {
    group: 34,
    name: 'referrers are refused, the policy needs them',
    disturb: failing('putReferrer', 'denied'),
    request: { attach: ['sbom'], attachPolicy: 'required' },
    code: 'registry_rejected',
  },
  {
    group: 35,
    name: 'the package does not bring what it promises',
    bench: () => fixBench(toyWorld({ writes: () => 1 })),
    code: 'still_vulnerable',
    outcomes: ['still_present'],
  },
  {
    group: 35,
    name: 'the upgrade shows another version than planned, without the finding',
    bench: () => fixBench(toyWorld({ writes: () => 7 })),
    code: 'still_vulnerable',
    outcomes: ['still_present'],
  },
  {
    group: 35,
    name: 'the upgrade brings in a critical one',
    bench: () =>
      fixBench(
        toyWorld({
          advisories: [high, { id: 'CVE-2024-9', package: 'libfoo', fixed: 3, level: 'critical', since: 2 }],
        }),
      ),
    code: 'new_severe_finding',
    outcomes: ['cancelled'],
  },
  {
    group: 35,
    name: 'the upgrade brings in a low one, below the gate',
    bench: () =>
      fixBench(
        toyWorld({ advisories: [high, { id: 'CVE-2024-9', package: 'libfoo', fixed: null, level: 'low', since: 2 }] }),
      ),
  },
  {
    group: 35,
    name: 'advisory data become older during the task',
    disturb: agingAdvisories('2023-01-01T00:00:00Z'),
    code: 'advisory_data_stale',
  },
  { group: 35, name: 'advisory data become newer during the task', disturb: agingAdvisories('2025-01-01T00:00:00Z') },
  {
    group: 35,
    name: 'the merged system is inconsistent',
    bench: () => fixBench(toyWorld({ problems: ['libfoo needs libbar'] })),
    code: 'self_check_failed',
  },
  { group: 37, name: 'disk full while the layer is written', disturb: diskFull, code: 'registry_quota' },
];

for (const row of rows) {
  test(`group ${row.group}: ${row.name}`, async () => {
    const bench = row.bench?.() ?? fixBench();
    row.disturb?.(bench);
    let code: string | undefined;
    try {
      const { report, failure } = await bench.run(row.request);
      code = report.task.reason?.code;
      assert.equal(failure === undefined, code === undefined);
      if (row.outcomes)
        assert.deepEqual(
          report.outcomes.map(({ outcome }) => outcome),
          row.outcomes,
        );
      assert.equal(report.result === null, code !== undefined, 'a result is shown only when it was delivered');
    } catch (error) {
      assert.ok(error instanceof CodedError, String(error));
      code = error.code;
    }
    assert.equal(code, row.code);
    const terminal = [...bench.journal.records.values()].every((record) => record.terminal);
    assert.ok(terminal, 'every task has ended');
    if (code !== undefined && code !== 'target_moved') assert.deepEqual(bench.repository.tagEvents, []);
    const temporary = [...bench.repository.tagMap.keys()].filter((tag) => tag.startsWith('drydock-tmp-'));
    assert.deepEqual(temporary, []);
  });
}

test('group 33: every byte of the config except the documented keys survives', async () => {
  const bench = oddConfig();
  const { report } = await bench.run();
  const read = (digest: string): string => {
    const { config } = JSON.parse(Buffer.from(bench.repository.documents.get(digest)?.bytes ?? []).toString()) as {
      config: { digest: string };
    };
    return (bench.repository.blobs.get(config.digest) ?? Buffer.alloc(0)).toString();
  };
  const before = read(report.source.digest);
  const after = JSON.parse(read(report.result?.digest ?? '')) as Record<string, unknown> & {
    config: { Labels: unknown };
  };
  const undone = JSON.parse(before) as Record<string, unknown>;
  const { Labels, ...config } = after.config;
  assert.ok(Labels);
  assert.deepEqual(
    { ...after, config, created: 0, rootfs: 0, history: 0 },
    { ...undone, created: 0, rootfs: 0, history: 0 },
  );
  assert.ok(read(report.result?.digest ?? '').includes('"x-unknown":{"deep":[1.5e+300,"\u202e"]}'));
});

test('group 36: a thousand identical requests are one task with one tag movement', async () => {
  const bench = fixBench();
  const runs = await Promise.all(Array.from({ length: 1000 }, () => bench.run()));
  assert.equal(new Set(runs.map(({ report }) => report.task.id)).size, 1);
  assert.equal(bench.repository.tagEvents.length, 1);
});

test('group 37: cancelled at each stage, nothing is tagged and nothing of the image stays behind', async () => {
  for (const stage of ['planned', 'fetching', 'building', 'pushing', 'verifying']) {
    const bench = fixBench();
    const controller = new AbortController();
    bench.deps = {
      ...bench.deps,
      progress: (event) => {
        if (event.kind === 'stage' && event.stage === stage) controller.abort();
      },
    };
    const { report } = await bench.run({}, controller.signal);
    assert.equal(report.task.status, 'cancelled', stage);
    assert.deepEqual(bench.repository.tagEvents, []);
    const layers = [...bench.blobs.blobs.values()].filter((bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b);
    assert.deepEqual(layers, []);
  }
});

test('a signed provenance makes a layer ours where the journal does not know it; a foreign key does not', async () => {
  const bench = fixBench(toyWorld({ available: { libfoo: 2, other: 2 } }));
  const signer = generateKeyPairSync('ed25519');
  bench.deps = { ...bench.deps, signer };
  await bench.run({ attach: ['provenance'] });
  bench.world.advisories.push({ id: 'CVE-2024-0005', package: 'other', fixed: 2, level: 'high' });
  const layersWith = async (key: typeof signer, tag: string): Promise<number> => {
    bench.journal.results.clear();
    bench.deps = { ...bench.deps, signer: key };
    const { report } = await bench.run({ reference: 'registry.example/team/app:fixed', target: { tag } });
    assert.equal(report.task.status, 'success');
    const bytes = bench.repository.documents.get(report.result?.digest ?? '')?.bytes;
    return (JSON.parse(Buffer.from(bytes ?? []).toString()) as { layers: unknown[] }).layers.length;
  };
  assert.equal(await layersWith(signer, 'again'), 2);
  assert.equal(await layersWith(generateKeyPairSync('ed25519'), 'foreign'), 3);
});
