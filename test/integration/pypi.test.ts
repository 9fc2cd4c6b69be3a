import assert from 'node:assert/strict';
import { cp, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ReportPackage } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { run } from '../support/run.ts';
import { askOracle, assertSameFindings, osvArchive, runIn, scanDirectory } from '../support/sca-oracle.ts';

const python = '/usr/bin/python3';

/** Versions with known vulnerabilities, and neighbours in which they are fixed. */
const old =
  'Django==3.2.0 Flask==1.0 Jinja2==2.11.2 PyYAML==5.4b2 aiohttp==3.7.3 cryptography==3.2 ' +
  'oauthlib==3.2.0 pip==23.0 requests==2.25.0 setuptools==65.5.0 zope.interface==5.0.0';
const recent = 'Django==4.2.18 Jinja2==3.1.5 PyYAML==6.0.2 oauthlib==3.2.2 requests==2.32.3 zope.interface==7.2';

const inside = {
  old: 'opt/old/lib/python3.8/site-packages',
  copy: 'opt/copy/lib/python3.8/site-packages',
  recent: 'opt/recent/lib/python3.12/site-packages',
};

/** What Python's own libraries say: distributions of directories, and the list of what pip carries. */
const listing = `
import importlib.metadata, json, sys
from packaging.requirements import Requirement
# setuptools carries whole distributions, with their metadata.
paths = [path + inner for path in json.load(sys.stdin) for inner in ("", "/setuptools/_vendor")]
distributions = {(d.metadata["Name"], d.version) for path in paths for d in importlib.metadata.distributions(path=[path])}
lines = [line.split("#")[0].strip() for line in open(sys.argv[1])]
pins = [Requirement(line) for line in lines if line]
carried = {(pin.name, next(iter(pin.specifier)).version) for pin in pins}
json.dump({"distributions": sorted(distributions), "carried": sorted(carried)}, sys.stdout)
`;

type Pair = [name: string, version: string];

let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
let missing: string | undefined;
let rootfs = '';

before(async () => {
  scratch = await temporaryDirectory();
  rootfs = join(scratch.path, 'rootfs');
  const probe = await run(python, ['-c', 'import packaging, pip']).catch(() => undefined);
  if (probe?.code !== 0) missing = 'needs python3-packaging and python3-pip: run tools/system-deps.sh';
  else missing = (await install(old, '3.8', inside.old)) ?? (await install(recent, '3.12', inside.recent));
  if (missing !== undefined) return;
  await mkdir(join(rootfs, 'opt/copy/lib/python3.8'), { recursive: true });
  await cp(join(rootfs, inside.old), join(rootfs, inside.copy), { recursive: true });
});
after(() => scratch[Symbol.asyncDispose]());

/** Lets pip install wheels; says why this could not be done. */
async function install(packages: string, version: string, directory: string): Promise<string | undefined> {
  const target = join(rootfs, directory);
  await mkdir(target, { recursive: true });
  const options = ['--quiet', '--no-compile', '--only-binary', ':all:', '--python-version', version];
  const args = ['-m', 'pip', 'install', ...options, '--target', target, ...packages.split(' ')];
  return runIn(scratch.path, python, ...args).then(
    () => undefined,
    (error: Error) => `needs a registry of Python packages: ${error.message.slice(0, 300)}`,
  );
}

const canonical = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');
const named = ({ name, version }: ReportPackage): string => `${name} ${version}`;

test('packages, and findings as packaging orders versions', async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const archive = osvArchive(t, 'PyPI');
  if (archive === undefined) return;
  const report = await scanDirectory(rootfs, 'PyPI', join(scratch.path, 'data'));
  assert.deepEqual(
    report.diagnostics.filter(({ partial }) => partial),
    [],
  );

  const directories = Object.values(inside).map((path) => join(rootfs, path));
  const vendorList = join(rootfs, inside.old, 'pip/_vendor/vendor.txt');
  const { distributions, carried } = await askOracle<{ distributions: Pair[]; carried: Pair[] }>(
    python,
    ['-c', listing, vendorList],
    directories,
  );
  // Of setuptools pip carries one module only, and nobody should read findings of the rest.
  const all = [...distributions, ...carried.filter(([name]) => name !== 'setuptools')];
  const expected = [...new Set(all.map(([name, version]) => `${canonical(name)} ${version}`))].sort();
  assert.deepEqual(report.packages.map(named).sort(), expected);
  assert.ok(expected.length > 50, `${expected.length} packages`);

  const installed = new Set(distributions.map(([name, version]) => `${canonical(name)} ${version}`));
  for (const pkg of report.packages) {
    const isInstalled = installed.has(named(pkg));
    assert.equal(pkg.confidence, isInstalled ? 'high' : 'low', named(pkg));
    const places = pkg.locations.map(({ path }) => path);
    assert.equal(new Set(places).size, places.length);
    if (isInstalled) assert.ok(places.some((path) => path.endsWith('.dist-info/METADATA')));
    const inOld = places.some((path) => path.startsWith(inside.old));
    assert.equal(
      places.some((path) => path.startsWith(inside.copy)),
      inOld,
      'both copies are places of one package',
    );
  }

  const oracle = join(root, 'test/integration/oracle/pypi-matches.py');
  const pairs = report.packages.map(({ name, version }) => [name, version]);
  const records = await askOracle<Record<string, string[][]>>(python, [oracle, archive], pairs);
  const count = Object.values(records).flat().length;
  assert.ok(count > 60, `${count} records`);
  assertSameFindings(report, new Map(report.packages.map((pkg) => [pkg.purl, records[named(pkg)] ?? []])));
  const neighbours = [
    ['GHSA-h5c8-rqwp-cp95', 'jinja2 2.11.2', 'jinja2 3.1.5'],
    ['GHSA-8q59-q68h-6hv4', 'pyyaml 5.4b2', 'pyyaml 6.0.2'],
    ['GHSA-j8r2-6x86-q33q', 'requests 2.25.0', 'requests 2.32.3'],
    ['GHSA-3pgj-pg6c-r5p7', 'oauthlib 3.2.0', 'oauthlib 3.2.2'],
  ] as const;
  for (const [id, vulnerable, fixed] of neighbours) {
    const has = (pkg: string): boolean => records[pkg]?.some(([own]) => own === id) === true;
    assert.deepEqual([has(vulnerable), has(fixed)], [true, false], id);
  }
  t.diagnostic(`${report.packages.length} packages, ${count} records, ${report.findings.length} findings`);
});

test('zipped eggs and wheels that are used as they are', async (t) => {
  if (missing !== undefined) return t.skip(missing);
  if (osvArchive(t, 'PyPI') === undefined) return;
  const wheels = join(scratch.path, 'zipped', 'usr/share/python-wheels');
  await mkdir(wheels, { recursive: true });
  const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--dest', wheels];
  await runIn(scratch.path, python, '-m', 'pip', 'download', ...options, 'jinja2==3.1.2', 'zope.event==5.0');
  const egg = join(scratch.path, 'egg');
  await mkdir(egg, { recursive: true });
  const build =
    "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z: z.writestr('EGG-INFO/PKG-INFO', 'Name: old-lib\\nVersion: 1.2\\n')";
  await runIn(egg, python, '-c', build, join(egg, 'old_lib-1.2-py3.8.egg'));
  await rename(join(egg, 'old_lib-1.2-py3.8.egg'), join(wheels, 'old_lib-1.2-py3.8.egg'));
  const report = await scanDirectory(join(scratch.path, 'zipped'), 'PyPI', join(scratch.path, 'data-zipped'));
  assert.deepEqual(report.packages.map(named).sort(), ['jinja2 3.1.2', 'old-lib 1.2', 'zope-event 5.0']);
  assert.ok(report.findings.some(({ id }) => id === 'CVE-2024-22195'));
});
