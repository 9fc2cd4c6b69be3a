import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FixReport } from '../../src/findings/index.ts';
import {
  applicationPackages,
  aptUpgrade,
  debianRootfs,
  listTree,
  ociLayout,
  temporaryDirectory,
  unpackWithUmoci,
} from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { drydock } from '../support/drydock.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';
import { aptLeftovers, diffTrees } from '../support/tree-diff.ts';

/** Differences from apt's own result that are right, each with its reason. */
interface Justified {
  readonly path: RegExp;
  readonly reason: string;
}

const everywhere: readonly Justified[] = [
  {
    path: /\/__pycache__(\/|$)/,
    reason: 'bytecode of a changed module is removed rather than compiled: Python makes it again when it may write',
  },
  {
    path: /^var\/lib\/dpkg\/triggers\/(File|Unincorp)$/,
    reason: 'the order of lines follows the order in which apt unpacks; compared as a set below',
  },
];

const images = [
  { name: 'Debian 11 minimal', suite: 'bullseye', include: [], justified: [] },
  { name: 'Debian 12 minimal', suite: 'bookworm', include: [], justified: [] },
  { name: 'Debian 11 application', suite: 'bullseye', include: applicationPackages, justified: [] },
  { name: 'Debian 12 application', suite: 'bookworm', include: applicationPackages, justified: [] },
] satisfies readonly { name: string; suite: string; include: readonly string[]; justified: readonly Justified[] }[];

for (const image of images) {
  test(`${image.name}: the fix equals what its own apt-get makes of it`, async (t) => {
    const mirror = ready(t);
    if (mirror === undefined) return;
    await using scratch = await temporaryDirectory();
    const layout = join(scratch.path, 'image');
    const tar = await debianRootfs(mirror, image.suite, image.include);
    await ociLayout(layout, 'old', [tar]);

    const reportFile = join(scratch.path, 'report.json');
    const fixed = await drydock(
      ['fix', `oci:${layout}:old`, '--all-fixable', '--tag', 'fixed', '-o', `json=${reportFile}`],
      { dataDirectory: join(scratch.path, 'data') },
    );
    assert.ok(fixed.code === 0 || fixed.code === 4, `exit ${fixed.code}: ${fixed.stderr}`);
    const report = JSON.parse(await readFile(reportFile, 'utf8')) as FixReport;
    assert.ok(report.upgrades.length > 0, 'the mirror holds fixes for an image of the main suite alone');
    assert.equal(report.verification?.integrity.mismatches, 0);
    assert.ok(report.outcomes.some(({ outcome }) => outcome === 'fixed'));
    t.diagnostic(`${report.upgrades.length} upgrades, exit ${fixed.code}`);

    const ours = await unpackWithUmoci(layout, 'fixed', join(scratch.path, 'ours'));
    const wanted = report.upgrades.map(({ name, arch, to }) => `${name}${arch === 'all' ? '' : `:${arch}`}=${to}`);
    const oracle = await aptUpgrade(mirror, image.suite, tar, scratch.path, wanted);
    assert.equal(oracle.audit, '');

    const differences = diffTrees(await listTree(oracle.root), await listTree(ours), aptLeftovers);
    const justified = [...everywhere, ...(image.justified as readonly Justified[])];
    assert.deepEqual(
      differences.filter(({ path }) => !justified.some((rule) => rule.path.test(path))),
      [],
    );
    await assertSameDatabase(oracle.root, ours);
    await assertClean(ours);
  });
}

/** Skips when this machine cannot build and upgrade real images, saying what is missing. */
function ready(t: TestContext) {
  if (needs(t, 'mmdebstrap', 'umoci', 'unshare', 'dpkg', 'python3') === undefined) return undefined;
  if (process.getuid?.() !== 0) {
    t.skip('needs root: the oracle upgrades an image of ours in a chroot');
    return undefined;
  }
  const mirror = debianMirror();
  if (mirror === undefined)
    t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR and DRYDOCK_DEBIAN_SECURITY_MIRROR');
  return mirror;
}

async function assertSameDatabase(expected: string, actual: string): Promise<void> {
  const read = (root: string, name: string): Promise<string> => readFile(join(root, 'var/lib/dpkg', name), 'utf8');
  assert.equal(await read(actual, 'status'), await read(expected, 'status'), 'the status file is byte-identical');
  for (const name of ['triggers/File', 'triggers/Unincorp']) {
    const lines = async (root: string) => (await read(root, name).catch(() => '')).split('\n').sort();
    assert.deepEqual(await lines(actual), await lines(expected), name);
  }
}

/** dpkg's own opinion of the result; both commands only read. */
async function assertClean(root: string): Promise<void> {
  const audit = await run('dpkg', [`--root=${root}`, '--audit']);
  assert.equal(`${audit.stdout}${audit.stderr}`, '');
  const verify = await run('dpkg', [`--root=${root}`, '--verify']);
  assert.equal(`${verify.stdout}${verify.stderr}`, '');
}
