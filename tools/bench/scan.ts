/**
 * Scanning an image of about 200 MB (compressed) from a registry on loopback, cold and from cache, against downloading
 * the same layers and running `gzip -dc | sha256sum` over them, which is the least that any scanner has to do.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../test/arch/source-tree.ts';
import { applicationPackages, debianRootfs, ociLayout } from '../../test/support/debian-image.ts';
import { debianMirror } from '../../test/support/debian-mirror.ts';
import { startDockerRegistry } from '../../test/support/docker-registry.ts';
import { mustRun } from '../../test/support/run.ts';
import { findProgram } from '../../test/support/system.ts';
import { fillerTar } from './filler.ts';
import { measure, median, report } from './measure.ts';

const mirror = debianMirror();
const missing = ['mmdebstrap', 'docker-registry', 'skopeo', 'curl'].filter((name) => findProgram(name) === undefined);
if (mirror === undefined || missing.length > 0) {
  console.log(`skipped: needs ${[...missing, ...(mirror ? [] : ['a Debian mirror'])].join(', ')}`);
  process.exit(0);
}

const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
const registry = await startDockerRegistry({ program: findProgram('docker-registry') ?? '' });
try {
  const layout = join(scratch, 'image');
  const system = await debianRootfs(mirror, 'bookworm', applicationPackages);
  await ociLayout(layout, 'v1', [system, await fillerTar(scratch, 180)]);
  const reference = `${registry.host}/bench/app:v1`;
  await mustRun('skopeo', ['copy', '--dest-tls-verify=false', `oci:${layout}:v1`, `docker://${reference}`]);
  const manifest = JSON.parse(
    (await mustRun('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${reference}`])).stdout,
  ) as { layers: { digest: string; size: number }[] };
  const megabytes = manifest.layers.reduce((sum, layer) => sum + layer.size, 0) / 1e6;
  console.log(`image of ${megabytes.toFixed(0)} MB in ${manifest.layers.length} layers, compressed`);

  const floor = await median(3, () => downloadAndHash(manifest.layers.map(({ digest }) => digest)));
  const scan = (data: string) =>
    measure(join(root, 'bin/drydock'), ['scan', reference, '--quiet', '-o', 'json'], {
      env: { PATH: process.env.PATH, HOME: scratch, DRYDOCK_DATA_DIR: join(scratch, data) },
    });
  // Opening the bundled advisory facts for the first time is not what is measured here.
  await measure(join(root, 'bin/drydock'), ['db', 'status'], { env: { PATH: process.env.PATH, HOME: scratch } });
  const cold = await median(3, (index) => scan(`data-${index}`));
  const cached = await median(5, () => scan('data-0'));
  const referenceName = 'curl, then gzip -dc | sha256sum';
  report({
    name: 'scan, cold',
    ours: cold.seconds,
    reference: floor.seconds,
    referenceName,
    unit: 's',
    target: 1.3,
    peakMiB: cold.peakMiB,
    targetMiB: 250,
  });
  report({ name: 'scan, layers cached', ours: cached.seconds, unit: 's', target: 0.5, peakMiB: cached.peakMiB });
} finally {
  await registry.stop();
  await rm(scratch, { recursive: true, force: true });
}

async function downloadAndHash(digests: readonly string[]) {
  const file = join(scratch, 'layer');
  const results = [];
  for (const digest of digests) {
    const url = `http://${registry.host}/v2/bench/app/blobs/${digest}`;
    results.push(await measure('curl', ['--silent', '--show-error', '--fail', '--output', file, url]));
    results.push(await measure('bash', ['-c', 'gzip -dc "$0" | sha256sum', file]));
  }
  return { seconds: results.reduce((sum, { seconds }) => sum + seconds, 0), cpuSeconds: 0, peakMiB: 0, stdout: '' };
}
