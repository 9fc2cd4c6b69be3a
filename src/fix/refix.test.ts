import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixBench, toyImage } from '../../test/support/fix-world.ts';
import { buildTestIndex } from '../../test/support/test-image.ts';
import { toyWorld } from '../../test/support/toy-fixer.ts';
import type { Digest } from '../image/index.ts';
import { fixedClock } from '../kernel/index.ts';

interface Document {
  readonly layers: { digest: string; mediaType: string; annotations?: Record<string, string> }[];
  readonly config: { digest: string };
  readonly annotations?: Record<string, string>;
}

function json<T>(bytes: Uint8Array | undefined): T {
  return JSON.parse(Buffer.from(bytes ?? []).toString()) as T;
}

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
