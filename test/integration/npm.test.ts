import assert from 'node:assert/strict';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { ReportPackage, ScanReport } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { askOracle, assertSameFindings, osvArchive, runIn, scanDirectory } from '../support/sca-oracle.ts';
import { findProgram } from '../support/system.ts';

/** Versions with known vulnerabilities, and neighbours in which they are fixed under names of their own. */
const manifest = {
  name: 'app',
  version: '1.0.0',
  dependencies: {
    '@babel/traverse': '7.23.0',
    JSONStream: '1.3.5',
    axios: '0.21.0',
    express: '4.16.0',
    'fixed-axios': 'npm:axios@1.7.9',
    'fixed-lodash': 'npm:lodash@4.17.21',
    'fixed-minimist': 'npm:minimist@1.2.8',
    'fixed-ws': 'npm:ws@8.18.0',
    handlebars: '4.7.6',
    lodash: '4.17.20',
    marked: '0.3.6',
    minimist: '1.2.5',
    'node-fetch': '2.6.0',
    tar: '4.4.10',
    ws: '7.4.5',
  },
  devDependencies: { semver: '7.3.8', 'ini-old': 'npm:ini@1.3.5' },
};

const pnpmVersion = '8.15.9';
const yarnVersion = '4.5.3';

let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
let missing: string | undefined;
let npm = '';

before(async () => {
  scratch = await temporaryDirectory();
  npm = findProgram('npm') ?? '';
  if (npm === '') missing = 'needs npm';
  else missing = await project('npm', 'npm-app', npm, ['install', '--ignore-scripts', '--no-audit', '--no-fund']);
});
after(() => scratch[Symbol.asyncDispose]());

/** Makes a project in a root file system of its own and lets a tool install it; says why this could not be done. */
async function project(rootfs: string, name: string, tool: string, args: string[]): Promise<string | undefined> {
  const directory = join(scratch.path, rootfs, 'srv', name);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  return runIn(directory, tool, ...args).then(
    () => undefined,
    (error: Error) => `needs a registry of npm packages: ${error.message.slice(0, 300)}`,
  );
}

/** A tool from the registry, as a program for node; undefined after having marked the test as skipped. */
async function toolOf(t: TestContext, name: string, file: string): Promise<string | undefined> {
  const directory = join(scratch.path, `tool-${name.replaceAll(/[^a-z]/g, '')}`);
  await mkdir(directory, { recursive: true });
  const options = ['--no-audit', '--no-fund', '--ignore-scripts'];
  const installed = await runIn(directory, npm, 'install', ...options, name).catch(() => undefined);
  if (installed !== undefined) return join(directory, 'node_modules', file);
  t.skip(`needs ${name} from a registry of npm packages`);
  return undefined;
}

const scan = (rootfs: string): Promise<ScanReport> =>
  scanDirectory(join(scratch.path, rootfs), 'npm', join(scratch.path, `data-${rootfs}`));

const named = ({ name, version }: ReportPackage): string => `${name}@${version}`;

/** What npm itself says is installed in a project. */
async function installedBy(rootfs: string, name: string): Promise<{ all: string[]; dev: string[] }> {
  const answer = await runIn(join(scratch.path, rootfs, 'srv', name), npm, 'query', '*');
  const nodes = JSON.parse(answer) as { name: string; version: string; dev: boolean; location: string }[];
  const below = nodes.filter(({ location }) => location !== '');
  const unique = (list: typeof nodes): string[] =>
    [...new Set(list.map((node) => `${node.name}@${node.version}`))].sort();
  return { all: unique(below), dev: unique(below.filter(({ dev }) => dev)) };
}

test('npm: packages, and findings as npm orders versions', async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const archive = osvArchive(t, 'npm');
  if (archive === undefined) return;
  const report = await scan('npm');
  assert.deepEqual(
    report.diagnostics.filter(({ partial }) => partial),
    [],
  );
  const expected = await installedBy('npm', 'npm-app');
  // Aliases are listed by npm under the name of their directory.
  const real = new Map(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }));
  const byRealName = (text: string): string => {
    const alias = real.get(text.slice(0, text.lastIndexOf('@')));
    return alias?.startsWith('npm:') ? alias.slice(4) : text;
  };
  assert.deepEqual(report.packages.map(named).sort(), [...new Set(expected.all.map(byRealName))].sort());
  assert.deepEqual(
    report.packages
      .filter(({ scope }) => scope === 'dev')
      .map(named)
      .sort(),
    expected.dev.map(byRealName).sort(),
  );
  const judged = report.packages.filter(({ scope }) => scope === 'installed');
  const oracle = join(root, 'test/integration/oracle/npm-matches.mjs');
  const records = await askOracle<Record<string, string[][]>>(process.execPath, [oracle, archive], judged.map(named));
  const count = Object.values(records).flat().length;
  assert.ok(count > 30, `${count} records`);
  assertSameFindings(report, new Map(judged.map((pkg) => [pkg.purl, records[named(pkg)] ?? []])));
  const neighbours = [
    ['GHSA-35jh-r3h4-6jhm', 'lodash@4.17.20', 'lodash@4.17.21'],
    ['GHSA-xvch-5gv4-984h', 'minimist@1.2.5', 'minimist@1.2.8'],
    ['GHSA-6fc8-4gx4-v693', 'ws@7.4.5', 'ws@8.18.0'],
  ] as const;
  for (const [id, vulnerable, fixed] of neighbours) {
    const has = (pkg: string): boolean => records[pkg]?.some(([own]) => own === id) === true;
    assert.deepEqual([has(vulnerable), has(fixed)], [true, false], id);
  }
  t.diagnostic(`${report.packages.length} packages, ${count} records, ${report.findings.length} findings`);
});

test('pnpm: links into the store of a project count once, where the package is', async (t) => {
  if (missing !== undefined) return t.skip(missing);
  if (osvArchive(t, 'npm') === undefined) return;
  const pnpm = await toolOf(t, `pnpm@${pnpmVersion}`, 'pnpm/bin/pnpm.cjs');
  if (pnpm === undefined) return;
  const store = join(scratch.path, 'pnpm', 'root', 'store');
  const failed = await project('pnpm', 'app', process.execPath, [
    pnpm,
    'install',
    '--ignore-scripts',
    '--store-dir',
    store,
  ]);
  if (failed !== undefined) return t.skip(failed);
  const virtual = join(scratch.path, 'pnpm/srv/app/node_modules/.pnpm');
  // Directories are called `@scope+name@version` with `_` and peers behind.
  const expected = (await readdir(virtual))
    .filter((name) => name.includes('@'))
    .map((name) => (name.split('_')[0] ?? '').replace('+', '/'));
  const report = await scan('pnpm');
  assert.ok(expected.length > 80);
  assert.deepEqual(report.packages.map(named).sort(), [...new Set(expected)].sort());
  for (const { locations, purl } of report.packages) {
    for (const { path } of locations) assert.match(path, /^srv\/app\/node_modules\/\.pnpm\//, purl);
  }
});

test('Yarn: packages that are run from archives', async (t) => {
  if (missing !== undefined) return t.skip(missing);
  if (osvArchive(t, 'npm') === undefined) return;
  const yarn = await toolOf(t, `@yarnpkg/cli-dist@${yarnVersion}`, '@yarnpkg/cli-dist/bin/yarn.js');
  if (yarn === undefined) return;
  const registry = (await runIn(scratch.path, npm, 'config', 'get', 'registry')).trim();
  const directory = join(scratch.path, 'yarn/srv/app');
  await mkdir(directory, { recursive: true });
  const settings = {
    enableGlobalCache: false,
    enableTelemetry: false,
    enableScripts: false,
    npmRegistryServer: registry,
  };
  await writeFile(join(directory, '.yarnrc.yml'), JSON.stringify({ ...settings, unsafeHttpWhitelist: ['*'] }));
  await writeFile(join(directory, 'yarn.lock'), '');
  const failed = await project('yarn', 'app', process.execPath, [yarn, 'install']);
  if (failed !== undefined) return t.skip(failed);
  const archives = await readdir(join(directory, '.yarn/cache'));
  const report = await scan('yarn');
  assert.equal(report.scan.state, 'complete');
  // Archives are called `@scope-name-npm-VERSION-HASH-HASH.zip`.
  const expected = archives
    .filter((name) => name.endsWith('.zip'))
    .map((name) => name.split(/-[0-9a-f]{10}-/)[0] ?? '');
  assert.deepEqual(
    report.packages.map(({ name, version }) => `${name.replace('/', '-')}-npm-${version}`).sort(),
    expected.sort(),
  );
});

test('lock files of every tool declare what the tool installs', async (t) => {
  if (missing !== undefined) return t.skip(missing);
  const { npmLockfiles } = await import('../../src/ecosystems/npm/lockfiles/index.ts');
  const { readFile } = await import('node:fs/promises');
  const read = async (file: string): Promise<string[]> => {
    const visitor = npmLockfiles.analysis.visitor();
    const bytes = await readFile(file);
    const entry = { path: file.slice(1), type: 'file', mode: 0, uid: 0, gid: 0, mtime: 0, size: bytes.length } as const;
    assert.equal(visitor.wants(entry), 'whole');
    await visitor.file(entry, { kind: 'bytes', bytes, truncated: false });
    const [facts] = visitor.finish().files;
    assert.equal(facts?.problem, undefined, file);
    return [...(facts?.packages ?? [])].map(({ name, version }) => `${name}@${version}`).sort();
  };
  const app = join(scratch.path, 'npm/srv/npm-app');
  const expected = await read(join(app, 'package-lock.json'));
  for (const version of ['1', '2', '3']) {
    const copy = join(scratch.path, `lock-${version}`);
    await mkdir(copy);
    for (const file of ['package.json', 'package-lock.json']) await cp(join(app, file), join(copy, file));
    await runIn(copy, npm, 'install', '--package-lock-only', '--lockfile-version', version, '--no-audit', '--no-fund');
    assert.deepEqual(await read(join(copy, 'package-lock.json')), expected, `version ${version}`);
  }
  const found = await installedBy('npm', 'npm-app');
  assert.equal(expected.length, found.all.length);
  for (const [rootfs, name] of [
    ['pnpm', 'pnpm-lock.yaml'],
    ['yarn', 'yarn.lock'],
  ] as const) {
    const file = join(scratch.path, rootfs, 'srv/app', name);
    const declared = await read(file).catch(() => undefined);
    if (declared === undefined) continue;
    const report = await scan(rootfs);
    assert.deepEqual(declared, report.packages.map(named).sort(), name);
  }
});
