/**
 * Fixing real images, against the image's own apt-get in a chroot: time, layer size, peak memory; and one with a large
 * layer that is none of the packages' business.
 *   node tools/bench/fix.ts [part of an image's name]
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FixReport } from '../../src/findings/index.ts';
import { root } from '../../test/arch/source-tree.ts';
import { applicationPackages, aptUpgrade, debianRootfs, ociLayout } from '../../test/support/debian-image.ts';
import { type DebianMirror, debianMirror } from '../../test/support/debian-mirror.ts';
import { findProgram } from '../../test/support/system.ts';
import { fillerTar } from './filler.ts';
import { type Measured, measure, report } from './measure.ts';

const mirror = debianMirror();
if (mirror === undefined || process.getuid?.() !== 0 || findProgram('mmdebstrap') === undefined) {
  console.log('skipped: needs a Debian mirror, mmdebstrap and root (the reference is apt in a chroot)');
  process.exit(0);
}
const images = [
  { name: 'Debian 11 minimal', suite: 'bullseye', include: [] },
  { name: 'Debian 12 minimal', suite: 'bookworm', include: [] },
  { name: 'Debian 11 application', suite: 'bullseye', include: applicationPackages },
  { name: 'Debian 12 application', suite: 'bookworm', include: applicationPackages },
];
const asked = process.argv[2] ?? '';
for (const { name, suite, include } of images) {
  if (name.includes(asked)) await inScratch((scratch) => bench(mirror, scratch, name, suite, include));
}
if ('large'.includes(asked)) await inScratch((scratch) => large(mirror, scratch));

async function inScratch(work: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  try {
    await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function fix(mirror: DebianMirror, scratch: string, layout: string, tag: string): Promise<Measured> {
  const env = {
    PATH: process.env.PATH,
    HOME: scratch,
    DRYDOCK_DATA_DIR: join(scratch, 'data'),
    DRYDOCK_DEBIAN_MIRROR: mirror.debian,
    DRYDOCK_DEBIAN_SECURITY_MIRROR: mirror.security,
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
  };
  const args = ['fix', `oci:${layout}:old`, '--all-fixable', '--tag', tag, '--quiet', '-o', 'json'];
  return measure(join(root, 'bin/drydock'), args, { env, accept: [0, 4] });
}

/** Memory must not grow with the image: the minimal system below 1.5 GB of other files. */
async function large(mirror: DebianMirror, scratch: string): Promise<void> {
  const layout = join(scratch, 'image');
  await ociLayout(layout, 'old', [await debianRootfs(mirror, 'bullseye'), await fillerTar(scratch, 1500)]);
  const { seconds, peakMiB } = await fix(mirror, scratch, layout, 'cold');
  report({ name: 'Debian 11 minimal and 1.5 GB, cold', ours: seconds, unit: 's', peakMiB, targetMiB: 350 });
}

async function bench(
  mirror: DebianMirror,
  scratch: string,
  name: string,
  suite: string,
  include: readonly string[],
): Promise<void> {
  const tar = await debianRootfs(mirror, suite, include);
  const layout = join(scratch, 'image');
  await ociLayout(layout, 'old', [tar]);
  const cold = await fix(mirror, scratch, layout, 'cold');
  const warm = await fix(mirror, scratch, layout, 'warm');
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
}

/** The layer that apt's run would make: every file whose content or metadata changed, packed with gzip -6. */
async function repack(scratch: string, tar: string, after: string): Promise<{ seconds: number; megabytes: number }> {
  const output = join(scratch, 'apt-layer.tar.gz');
  const { seconds } = await measure(join(root, 'test/support/oracle/repack.sh'), [tar, after, output]);
  return { seconds, megabytes: (await stat(output)).size / 1e6 };
}
