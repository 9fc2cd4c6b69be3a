/**
 * Scanning the mixed image (Debian with npm, Python, Java and Go content) with all catalogers, from an archive and from a
 * registry on loopback, against other scanners that list the packages of the same archive in the same run. Wall and CPU time
 * of the others are less their start-up time.
 */

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDockerRegistry } from '../../test/support/docker-registry.ts';
import { mustRun } from '../../test/support/run.ts';
import { findProgram } from '../../test/support/system.ts';
import { type Measured, measure, median, report } from './measure.ts';
import type { Peer } from './peers/contract.ts';
import { drydock, peers } from './peers/peers.ts';
import { missingForMixedImage, mixedImage } from './worlds/mixed-image.ts';

const missing = [...missingForMixedImage(), ...(findProgram('docker-registry') ? [] : ['docker-registry'])];
if (missing.length > 0) {
  console.log(`skipped: needs ${missing.join(', ')}`);
  process.exit(0);
}

const runs = 3;
const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
const registry = await startDockerRegistry({ program: findProgram('docker-registry') ?? '' });
try {
  const { layout, archive } = await mixedImage(scratch);
  const reference = `${registry.host}/bench/mixed:v1`;
  await mustRun('skopeo', ['copy', '--quiet', '--dest-tls-verify=false', `oci:${layout}:v1`, `docker://${reference}`]);
  console.log(`archive of ${((await stat(archive)).size / 1e6).toFixed(0)} MB, uncompressed`);
  const own = await median(runs, (run) => ourScan(`archive:${archive}`, `archive-${run}`));
  const pulled = await median(runs, (run) => ourScan(reference, `registry-${run}`));
  const memory = { targetMiB: 300 };
  report({ name: 'from a registry, wall', ours: pulled.seconds, unit: 's', peakMiB: pulled.peakMiB, ...memory });
  report({ name: 'from a registry, CPU', ours: pulled.cpuSeconds, unit: 's' });
  for (const peer of peers) {
    const program = await peer.find();
    if (program === undefined) {
      console.log(`${peer.name}: not here; get it from ${peer.source}`);
      continue;
    }
    const idle = await median(runs, () => start(peer.idle(program)));
    const theirs = await median(runs, async () => {
      // A folder of its own for each run: what a scanner remembers of layers is not measured.
      const own = await mkdtemp(join(scratch, 'peer-'));
      peer.prepare?.(own);
      return start(peer.command(program, archive, own));
    });
    const common = { referenceName: `${peer.name} less start-up`, unit: 's', target: 0.5 };
    const wall = { ours: own.seconds, reference: theirs.seconds - idle.seconds };
    report({ name: 'from an archive, wall', ...wall, ...common, peakMiB: own.peakMiB, ...memory });
    const cpu = { ours: own.cpuSeconds, reference: theirs.cpuSeconds - idle.cpuSeconds };
    report({ name: 'from an archive, CPU', ...cpu, ...common });
    console.log(`${peer.name}: peak ${theirs.peakMiB.toFixed(0)} MiB, start-up ${idle.seconds.toFixed(2)} s`);
  }
} finally {
  await registry.stop();
  await rm(scratch, { recursive: true, force: true });
}

async function ourScan(reference: string, data: string): Promise<Measured> {
  const program = (await (drydock as Peer).find()) ?? '';
  const env = { PATH: process.env.PATH, HOME: scratch, DRYDOCK_DATA_DIR: join(scratch, data) };
  return measure(program, ['scan', reference, '--quiet', '-o', 'json'], { env, accept: [0, 4] });
}

function start([command = '', ...args]: readonly string[]): Promise<Measured> {
  return measure(command, args, { env: { ...process.env, HOME: scratch } });
}
