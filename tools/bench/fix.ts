/** Fixing real images, against the image's own apt-get in a chroot: time, layer size, peak memory. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FixReport } from '../../src/findings/index.ts';
import { root } from '../../test/arch/source-tree.ts';
import { applicationPackages, aptUpgrade, debianRootfs, ociLayout } from '../../test/support/debian-image.ts';
import { type DebianMirror, debianMirror } from '../../test/support/debian-mirror.ts';
import { findProgram } from '../../test/support/system.ts';
import { measure, report } from './measure.ts';

const mirror = debianMirror();
if (mirror === undefined || process.getuid?.() !== 0 || findProgram('mmdebstrap') === undefined) {
  console.log('skipped: needs a Debian mirror, mmdebstrap and root (the reference is apt in a chroot)');
  process.exit(0);
}
await bench(mirror, 'Debian 11 minimal', 'bullseye', []);
await bench(mirror, 'Debian 12 minimal', 'bookworm', []);
await bench(mirror, 'Debian 11 application', 'bullseye', applicationPackages);
await bench(mirror, 'Debian 12 application', 'bookworm', applicationPackages);

async function bench(mirror: DebianMirror, name: string, suite: string, include: readonly string[]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  try {
    const tar = await debianRootfs(mirror, suite, include);
    const layout = join(scratch, 'image');
    await ociLayout(layout, 'old', [tar]);
    const env = {
      PATH: process.env.PATH,
      HOME: scratch,
      DRYDOCK_DATA_DIR: join(scratch, 'data'),
      DRYDOCK_DEBIAN_MIRROR: mirror.debian,
      DRYDOCK_DEBIAN_SECURITY_MIRROR: mirror.security,
      NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
    };
    const fix = (tag: string) =>
      measure(
        join(root, 'bin/drydock'),
        ['fix', `oci:${layout}:old`, '--all-fixable', '--tag', tag, '--quiet', '-o', 'json'],
        { env, accept: [0, 4] },
      );
    const cold = await fix('cold');
    const warm = await fix('warm');
    const result = JSON.parse(cold.stdout) as FixReport;
    const wanted = result.upgrades.map(({ name, arch, to }) => `${name}${arch === 'all' ? '' : `:${arch}`}=${to}`);
    const apt = await aptUpgrade(mirror, suite, [tar], scratch, wanted);
    const repacked = await repack(scratch, tar, apt.root);
    const reference = apt.unpackMs / 1000 + apt.runMs / 1000 + repacked.seconds;

    const title = `${name} (${result.upgrades.length} upgrades)`;
    const referenceName = 'apt in a chroot';
    report({
      name: `${title}, cold`,
      ours: cold.seconds,
      reference,
      referenceName,
      unit: 's',
      target: 0.5,
      peakMiB: cold.peakMiB,
      targetMiB: 350,
    });
    report({
      name: `${title}, packages cached`,
      ours: warm.seconds,
      reference,
      referenceName,
      unit: 's',
      peakMiB: warm.peakMiB,
      targetMiB: 350,
    });
    const layer = (result.result?.layer.size ?? Number.NaN) / 1e6;
    report({
      name: `${title}, layer`,
      ours: layer,
      reference: repacked.megabytes,
      referenceName,
      unit: 'MB',
      target: 0.65,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The layer that apt's run would make: every file whose content or metadata changed, packed with gzip -6. */
async function repack(scratch: string, tar: string, after: string): Promise<{ seconds: number; megabytes: number }> {
  const output = join(scratch, 'apt-layer.tar.gz');
  const { seconds } = await measure(join(root, 'test/support/oracle/repack.sh'), [tar, after, output]);
  return { seconds, megabytes: (await stat(output)).size / 1e6 };
}
