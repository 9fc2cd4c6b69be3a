import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { aptMachine, assertRepaired, fixTag } from '../support/apt-comparison.ts';
import {
  aptUpgrade,
  debianRootfs,
  listTree,
  ociLayout,
  type TreeEntry,
  temporaryDirectory,
  unpackWithUmoci,
} from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { toStatusD } from '../support/status-d.ts';

/** What a distroless image does not have: tools to install anything, and a shell. */
const without = ['apt', 'bash', 'dash', 'debconf', 'dpkg', 'gpgv', 'tzdata-legacy'];
const statusD = 'var/lib/dpkg/status.d';

/** Some builders cut file names at the first dot or encode them: the package is told by the content alone. */
const fileName = (name: string): string =>
  name.startsWith('libg') ? encodeURIComponent(`@${name}`) : (name.split('.')[0] ?? name);

test('a distroless image without tools gets the same files as apt gives to an ordinary one', async (t) => {
  const mirror = aptMachine(t);
  if (mirror === undefined) return;
  const suite = 'bullseye';
  await using scratch = await temporaryDirectory();
  const place = { layout: join(scratch.path, 'image'), directory: scratch.path };
  const ordinary = await debianRootfs(mirror, suite);
  const tar = join(scratch.path, 'distroless.tar');
  await toStatusD(ordinary, tar, scratch.path, { without, fileName });
  await ociLayout(place.layout, 'old', [tar]);
  const before = await unpackWithUmoci(place.layout, 'old', join(scratch.path, 'before'));

  const report = await fixTag(place, 'old', 'fixed');
  assertRepaired(report);
  assert.deepEqual(
    report.outcomes.filter(({ outcome }) => outcome !== 'fixed'),
    [],
  );
  const ours = await unpackWithUmoci(place.layout, 'fixed', join(scratch.path, 'ours'));
  const upgraded = new Set(report.upgrades.map(({ name }) => name));

  // Records keep their file names, and say the new version.
  assert.deepEqual(await readdir(join(ours, statusD)), await readdir(join(before, statusD)));
  for (const { name, to } of report.upgrades) {
    const record = await readFile(join(ours, statusD, fileName(name)), 'utf8');
    assert.match(record, new RegExp(`^Package: ${literal(name)}$`, 'm'));
    assert.match(record, new RegExp(`^Version: ${literal(to)}$`, 'm'));
  }

  // Apt's files of the upgraded packages, configuration apart: without a record nobody knows what was edited.
  const wanted = report.upgrades.map(({ name, arch, to }) => `${name}${arch === 'all' ? '' : `:${arch}`}=${to}`);
  const apt = await aptUpgrade(mirror, suite, [ordinary], scratch.path, wanted);
  const expected = await listTree(apt.root);
  const actual = await listTree(ours);
  const owned = new Set<string>();
  for (const upgrade of report.upgrades) {
    for (const path of await listOf(apt.root, upgrade, expected)) if (!path.startsWith('etc/')) owned.add(path);
  }
  assert.ok(owned.size > 100);
  assert.deepEqual(different(owned, expected, actual), []);

  const old = await listTree(before);
  const others = [...old.keys()].filter((path) => !owned.has(path) && !path.startsWith(`${statusD}/`));
  const gone = others.filter((path) => !actual.has(path) && !expected.has(path));
  assert.deepEqual(
    different(new Set(others), old, actual),
    gone,
    'all else is as it was, but for files that the new versions do not have',
  );

  assert.equal(await wrongSums(ours, upgraded), 0);
  const scanned = await drydock(['scan', `oci:${place.layout}:fixed`, '-o', 'json'], {
    dataDirectory: join(scratch.path, 'data'),
  });
  const found = JSON.parse(scanned.stdout) as { packages: { name: string; version: string }[] };
  for (const { name, to } of report.upgrades) {
    assert.equal(found.packages.find((entry) => entry.name === name)?.version, to, name);
  }
});

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Packaged paths where they really lie: `/bin`, `/lib` and `/sbin` may be links. */
async function listOf(
  root: string,
  { name, arch }: { readonly name: string; readonly arch: string },
  tree: ReadonlyMap<string, TreeEntry>,
): Promise<string[]> {
  const info = join(root, 'var/lib/dpkg/info');
  const list = await readFile(join(info, `${name}:${arch}.list`), 'utf8').catch(() =>
    readFile(join(info, `${name}.list`), 'utf8'),
  );
  return list
    .split('\n')
    .filter((line) => line !== '' && line !== '/.')
    .map((line) => {
      const [top = '', ...rest] = line.slice(1).split('/');
      const link = tree.get(top);
      return rest.length > 0 && link?.type === 'symlink' ? [link.content, ...rest].join('/') : line.slice(1);
    });
}

/** Those of the paths that are not the same in both. */
function different(
  paths: ReadonlySet<string>,
  expected: ReadonlyMap<string, TreeEntry>,
  actual: ReadonlyMap<string, TreeEntry>,
): string[] {
  return [...paths].filter((path) => JSON.stringify(expected.get(path)) !== JSON.stringify(actual.get(path)));
}

/** Compares the files of packages with their own lists of checksums, configuration left out. */
async function wrongSums(root: string, names: ReadonlySet<string>): Promise<number> {
  let wrong = 0;
  for (const name of names) {
    const sums = await readFile(join(root, statusD, `${fileName(name)}.md5sums`), 'utf8');
    for (const line of sums.split('\n')) {
      if (line === '' || line.slice(34).startsWith('etc/')) continue;
      const bytes = await readFile(join(root, line.slice(34))).catch(() => Buffer.from('missing'));
      if (createHash('md5').update(bytes).digest('hex') !== line.slice(0, 32)) wrong++;
    }
  }
  return wrong;
}
