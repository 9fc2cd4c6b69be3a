import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FixReport } from '../../src/findings/index.ts';
import { aptUpgrade, listTree, unpackWithUmoci } from './debian-image.ts';
import { type DebianMirror, debianMirror } from './debian-mirror.ts';
import { drydock } from './drydock.ts';
import { run } from './run.ts';
import { needs } from './system.ts';
import { aptLeftovers, diffTrees } from './tree-diff.ts';

/** A difference from apt's own result that is right, with its reason. */
export interface Justified {
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

/** The mirror to use; skips when this machine cannot build and upgrade real images, saying what is missing. */
export function aptMachine(t: TestContext): DebianMirror | undefined {
  if (needs(t, 'mmdebstrap', 'umoci', 'unshare', 'dpkg', 'python3', 'tar') === undefined) return undefined;
  if (process.getuid?.() !== 0) {
    t.skip('needs root: the oracle upgrades an image of ours in a chroot');
    return undefined;
  }
  const mirror = debianMirror();
  if (mirror === undefined)
    t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR and DRYDOCK_DEBIAN_SECURITY_MIRROR');
  return mirror;
}

/** A layout of the test and what the command line keeps between its runs. */
export interface Workplace {
  /** Directory of the OCI layout. */
  readonly layout: string;
  /** Everything else of the test. */
  readonly directory: string;
}

/** Runs `drydock fix` on a tag of the layout and reads its report; the exit code must say success, perhaps partial. */
export async function fixTag(
  { layout, directory }: Workplace,
  source: string,
  target: string,
  ...options: readonly string[]
): Promise<FixReport> {
  const file = join(directory, `${target}.json`);
  const selection = options.length > 0 ? options : ['--all-fixable'];
  const finished = await drydock(
    ['fix', `oci:${layout}:${source}`, '--tag', target, '-o', `json=${file}`, ...selection],
    { dataDirectory: join(directory, 'data') },
  );
  assert.ok(finished.code === 0 || finished.code === 4, `exit ${finished.code}: ${finished.stderr}`);
  const report = JSON.parse(await readFile(file, 'utf8')) as FixReport;
  assert.equal(finished.code, report.task.status === 'partial' ? 4 : 0, 'the exit code tells the status');
  return report;
}

/** A report that repaired something and whose own integrity check found nothing. */
export function assertRepaired(report: FixReport): void {
  assert.ok(report.upgrades.length > 0, 'the mirror holds fixes for an image of the main suite alone');
  assert.ok(report.outcomes.some(({ outcome }) => outcome === 'fixed'));
  assert.equal(report.verification?.integrity.mismatches, 0);
  assert.deepEqual(report.verification?.introduced, []);
}

/**
 * Upgrades the same layers to the versions of a report with the image's own apt-get and compares the two file systems:
 * every path, the package database byte for byte, and dpkg's opinion of both.
 */
export async function assertEqualsApt(
  place: Workplace,
  tag: string,
  report: FixReport,
  oracle: {
    readonly mirror: DebianMirror;
    readonly suite: string;
    readonly layerTars: readonly string[];
    readonly justified?: readonly Justified[];
  },
): Promise<{ readonly ours: string; readonly apt: string }> {
  const directory = join(place.directory, `apt-${tag}`);
  await mkdir(directory, { recursive: true });
  const ours = await unpackWithUmoci(place.layout, tag, join(directory, 'ours'));
  const wanted = report.upgrades.map(({ name, arch, to }) => `${name}${arch === 'all' ? '' : `:${arch}`}=${to}`);
  const apt = await aptUpgrade(oracle.mirror, oracle.suite, oracle.layerTars, directory, wanted);
  assert.equal(apt.audit, '');
  await assertSameTree(apt.root, ours, oracle.justified);
  await assertSameDatabase(apt.root, ours);
  await assertSameOpinion(apt.root, ours);
  return { ours, apt: apt.root };
}

/** Compares two file systems path by path, what apt leaves behind apart. */
export async function assertSameTree(
  expected: string,
  actual: string,
  justified: readonly Justified[] = [],
): Promise<void> {
  const differences = diffTrees(await listTree(expected), await listTree(actual), aptLeftovers);
  const rules = [...everywhere, ...justified];
  assert.deepEqual(
    differences.filter(({ path }) => !rules.some((rule) => rule.path.test(path))),
    [],
  );
}

async function assertSameDatabase(expected: string, actual: string): Promise<void> {
  const read = (root: string, name: string): Promise<string> => readFile(join(root, 'var/lib/dpkg', name), 'utf8');
  assert.equal(await read(actual, 'status'), await read(expected, 'status'), 'the status file is byte-identical');
  for (const name of ['triggers/File', 'triggers/Unincorp']) {
    const path = join('var/lib/dpkg', name);
    assert.equal(existsSync(join(actual, path)), existsSync(join(expected, path)), path);
    if (!existsSync(join(expected, path))) continue;
    const lines = async (root: string) => (await read(root, name)).split('\n').sort();
    assert.deepEqual(await lines(actual), await lines(expected), name);
  }
}

/** dpkg's own opinion of both; the commands only read. */
async function assertSameOpinion(expected: string, actual: string): Promise<void> {
  const ask = async (root: string, question: string): Promise<string> => {
    const { stdout, stderr } = await run('dpkg', [`--root=${root}`, question]);
    return `${stdout}${stderr}`;
  };
  assert.equal(await ask(actual, '--audit'), '');
  assert.equal(await ask(actual, '--verify'), await ask(expected, '--verify'));
}
