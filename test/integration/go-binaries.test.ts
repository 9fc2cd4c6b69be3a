import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { AdvisoryService } from '../../src/advisories/index.ts';
import { goPackage } from '../../src/ecosystems/golang/package.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { ScanReport } from '../../src/findings/index.ts';
import { digestOf } from '../../src/image/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';

const shared = process.env.DRYDOCK_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared');
const oracle = join(import.meta.dirname, 'oracle', 'go-matches');

/** x/text v0.3.7 is vulnerable, v0.40.0 is a fixed neighbour; yaml v2.2.7 is vulnerable. */
const source = `package main

import (
	"golang.org/x/text/language"
	"gopkg.in/yaml.v2"
)

func main() {
	var v interface{}
	println(yaml.Unmarshal([]byte("a: b"), &v) == nil)
	t, _ := language.Parse("en-US")
	println(t.String())
}
`;
const modules = (versionOfText: string): string =>
  `module example.com/app\n\ngo 1.20\n\nrequire (\n\tgolang.org/x/text ${versionOfText}\n\tgopkg.in/yaml.v2 v2.2.7\n)\n`;

/** Name of the program, where it runs, how it is built. */
const builds: readonly (readonly [
  name: string,
  os: string,
  arch: string,
  versionOfText: string,
  ...flags: string[],
])[] = [
  ['plain', 'linux', 'amd64', 'v0.3.7'],
  ['stripped', 'linux', 'amd64', 'v0.3.7', '-ldflags=-s -w -buildid='],
  ['fixed', 'linux', 'amd64', 'v0.3.8', '-ldflags=-s -w'],
  ['windows.exe', 'windows', 'amd64', 'v0.3.7', '-ldflags=-s -w'],
  ['darwin', 'darwin', 'arm64', 'v0.3.7', '-ldflags=-s -w'],
];

/** Programs in a root file system; undefined, with the test skipped, where modules cannot be had. */
async function buildAll(t: TestContext, go: string, directory: string, rootfs: string): Promise<boolean> {
  await mkdir(join(rootfs, 'usr/local/bin'), { recursive: true });
  for (const [name, os, arch, versionOfText, ...flags] of builds) {
    const folder = join(directory, versionOfText);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'go.mod'), modules(versionOfText));
    await writeFile(join(folder, 'main.go'), source);
    const env = { ...process.env, GOOS: os, GOARCH: arch, CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
    const output = join(rootfs, 'usr/local/bin', name);
    const built = await run(go, ['build', '-buildvcs=false', ...flags, '-o', output, '.'], { cwd: folder, env });
    if (built.code !== 0) {
      t.skip(`needs modules of Go: ${built.stderr.slice(-300)}`);
      return false;
    }
    await chmod(output, 0o755);
  }
  return true;
}

test('matching agrees with an oracle that orders versions with golang.org/x/mod/semver, at the bounds of ranges', async (t) => {
  const sys = needs(t, 'go');
  if (!sys) return;
  const archive = join(shared, 'osv', 'Go', 'all.zip');
  if (!existsSync(archive)) return t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
  const asked = await run(sys.go, ['run', '.', 'boundaries', archive, '25'], { cwd: oracle });
  if (asked.code !== 0) return t.skip(`needs golang.org/x/mod: ${asked.stderr.slice(-200)}`);
  const questions = [...new Set(asked.stdout.trim().split('\n'))];
  await using scratch = await temporaryDirectory();
  const service = new AdvisoryService({
    ...{ directory: scratch.path, bundled: join(scratch.path, 'none'), ecosystems, clock: systemClock },
    http: { get: () => assert.fail('no network in this test') },
  });
  const signal = AbortSignal.timeout(120_000);
  await service.update({ from: join(shared, 'osv'), only: ['Go'], progress: noProgress, signal });
  using index = await service.open();
  let count = 0;
  for (const [question, records] of Object.entries(await expected(sys.go, questions))) {
    const [name = '', version = ''] = question.split(' ');
    const evidence = { location: { path: 'app', layer: digestOf('x') }, scope: 'installed' as const };
    const { matches, unmatched } = index.match([goPackage(name, version, evidence)], undefined);
    assert.deepEqual(unmatched, [], question);
    const told = matches.flatMap(({ id, aliases }) => [id, ...aliases]).filter((id) => records[id] !== undefined);
    assert.deepEqual([...new Set(told)].sort(), Object.keys(records).sort(), question);
    assert.ok(
      matches.every(({ id, aliases }) => [id, ...aliases].some((one) => records[one] !== undefined)),
      question,
    );
    count += told.length;
  }
  assert.ok(questions.length > 300 && count > 300, `${questions.length}: ${count}`);
  t.diagnostic(`${questions.length} modules at a version, ${count} records`);
});

/** What `go version -m` lists: `path version` of each module, and the toolchain as `stdlib`. */
async function listed(go: string, file: string): Promise<string[]> {
  const { stdout } = await mustRun(go, ['version', '-m', file]);
  const [first = '', ...lines] = stdout.split('\n');
  const release = first.slice(first.lastIndexOf('go') + 2).trim();
  const dependencies = lines
    .filter((line) => line.startsWith('\tdep\t'))
    .map((line) => line.split('\t').slice(2, 4).join(' '));
  return [`stdlib ${release}`, ...dependencies].sort();
}

/** Fixed versions by record, by `module version`. */
async function expected(go: string, questions: readonly string[]): Promise<Record<string, Record<string, string>>> {
  const archive = join(shared, 'osv', 'Go', 'all.zip');
  const child = spawn(go, ['run', '.', 'match', archive], { cwd: oracle, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(`${questions.join('\n')}\n`);
  return JSON.parse(await text(child.stdout)) as Record<string, Record<string, string>>;
}

test('modules and findings of programs that Go built for four systems', async (t) => {
  const sys = needs(t, 'go');
  if (!sys) return;
  if (!existsSync(join(shared, 'osv', 'Go'))) return t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
  await using scratch = await temporaryDirectory();
  const rootfs = join(scratch.path, 'rootfs');
  if (!(await buildAll(t, sys.go, scratch.path, rootfs))) return;
  const dataDirectory = join(scratch.path, 'data');
  const loaded = await drydock(['db', 'update', '--from', join(shared, 'osv'), '--only', 'Go', '-q'], {
    dataDirectory,
  });
  assert.equal(loaded.code, 0, loaded.stderr);
  const scanned = await drydock(['scan', `dir:${rootfs}`, '--json', '-q'], { dataDirectory });
  assert.equal(scanned.code, 0, scanned.stderr);
  const report = JSON.parse(scanned.stdout) as ScanReport;

  const questions = new Set<string>();
  for (const [name] of builds) {
    const path = `usr/local/bin/${name}`;
    const wanted = await listed(sys.go, join(rootfs, path));
    const found = report.packages.filter(({ locations }) => locations.some((place) => place.path === path));
    assert.deepEqual(found.map((pkg) => `${pkg.name} ${pkg.version}`).sort(), wanted, name);
    assert.ok(wanted.length >= 3);
    for (const question of wanted) questions.add(question);
  }
  let count = 0;
  for (const [question, records] of Object.entries(await expected(sys.go, [...questions]))) {
    const [name = '', version = ''] = question.split(' ');
    const findings = report.findings.filter(
      (one) => one.kind === 'sca' && one.package.includes(`/${name.split('/').at(-1)}@${version}`),
    );
    const told = new Set<string>();
    for (const finding of findings) {
      if (finding.kind !== 'sca') continue;
      const own = [finding.id, ...finding.aliases].filter((id) => records[id] !== undefined);
      assert.ok(own.length > 0, `${question}: ${finding.id} is not in the records`);
      assert.ok(
        own.some((id) => records[id] === (finding.fixedVersion ?? '')),
        `${finding.id}: ${finding.fixedVersion}`,
      );
      for (const id of own) told.add(id);
    }
    assert.deepEqual([...told].sort(), Object.keys(records).sort(), question);
    count += told.size;
  }
  assert.ok(count >= 3, `${count} records`);
  t.diagnostic(`${questions.size} modules at a version, ${count} records`);
  assert.deepEqual(
    report.diagnostics.filter(({ code }) => code === 'unknown_go_binary' || code === 'unidentified_binaries'),
    [],
  );
});
