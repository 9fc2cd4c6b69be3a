import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createRegistry, type Digest, parseManifestDocument } from '../../src/image/index.ts';
import { startDockerRegistry } from '../support/docker-registry.ts';
import { crashRepository, runCrashFix } from '../support/fix-crash-world.ts';
import { toyImage } from '../support/fix-world.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';

const signal = new AbortController().signal;

test('a fix in docker-registry: pushed by digest, tagged last, referrers by the fallback tag, again without effect', async (t) => {
  const system = needs(t, 'docker-registry', 'skopeo');
  if (!system) return;
  const directory = await mkdtemp(join(tmpdir(), 'drydock-fix-registry-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await using server = await startDockerRegistry({ program: system['docker-registry'] });
  await using registry = createRegistry({ settings: new Map([[server.host, { insecure: true }]]) });
  const repository = registry.repository({ registry: server.host, repository: crashRepository });
  const image = toyImage({ libfoo: 1 });
  for (const [digest, bytes] of image.blobs) {
    await repository.putBlob({ digest: digest as Digest, size: bytes.length }, async () => Readable.from([bytes]), {
      signal,
    });
  }
  await repository.putTag('v1', parseManifestDocument(image.manifest, image.mediaType, image.digest), signal);

  const { report, failure } = await runCrashFix(server.host, directory);
  assert.equal(failure, undefined);
  assert.equal(report.task.status, 'success');

  // skopeo is the independent reader of what was pushed.
  const reference = `docker://${server.host}/${crashRepository}:fixed`;
  const inspected = await run(system.skopeo, ['inspect', '--tls-verify=false', '--no-tags', reference]);
  const seen = JSON.parse(inspected.stdout) as { Digest: string; Layers: string[] };
  assert.equal(seen.Digest, report.result?.digest);
  assert.equal(seen.Layers.at(-1), report.result?.layer.digest);
  const source = await repository.resolveTag('v1', signal);
  assert.equal(source, image.digest);
  const attached = await repository.referrers(report.result?.digest as Digest, signal);
  assert.deepEqual(
    attached.map(({ digest }) => digest).sort(),
    report.result?.referrers.map(({ digest }) => digest).sort(),
  );

  const again = await runCrashFix(server.host, directory);
  assert.equal(again.report.task.id, report.task.id);
});
