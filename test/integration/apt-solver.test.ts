import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { bundledKeyrings } from '../../src/adapters/repository/filesystem.ts';
import { readDatabase } from '../../src/ecosystems/dpkg/fix/database.ts';
import { openArchive } from '../../src/ecosystems/dpkg/fix/repository/archive.ts';
import {
  createArchiveDeps,
  createDebReader,
  createDpkgPlanner,
  createHttpClient,
  defaultRepositories,
  type FixFinding,
  type FixInput,
  memoryFreshness,
  memoryIndexCache,
  systemFiles,
} from '../../src/ecosystems/index.ts';
import type { BlobStore, ImageView } from '../../src/image/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { applicationPackages, debianRootfs, temporaryDirectory } from '../support/debian-image.ts';
import { type DebianMirror, debianMirror, sourcesOf } from '../support/debian-mirror.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';

const keyrings = new URL('../../data/keyrings/', import.meta.url).pathname;
const signal = new AbortController().signal;

/** What `apt-get dist-upgrade` would do to a system with this status file, as `name version`. */
async function aptChoice(mirror: DebianMirror, suite: string, status: string, directory: string): Promise<string[]> {
  await mkdir(join(directory, 'lists/partial'), { recursive: true });
  await mkdir(join(directory, 'archives/partial'), { recursive: true });
  await writeFile(join(directory, 'status'), status);
  await writeFile(join(directory, 'sources.list'), sourcesOf(suite, mirror));
  const settings = {
    'Dir::State': directory,
    'Dir::State::status': join(directory, 'status'),
    'Dir::Cache': directory,
    'Dir::Etc::sourcelist': join(directory, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await mustRun('apt-get', [...options, '-qq', 'update']);
  const { stdout } = await mustRun('apt-get', [...options, '--simulate', 'dist-upgrade']);
  const lines = stdout.split('\n').filter((line) => line.startsWith('Inst '));
  return lines.map((line) => `${line.split(' ')[1]} ${/\((\S+) /.exec(line)?.[1]}`).sort();
}

/** The status file of a root file system, by the system's tar. */
async function statusOf(rootfs: string): Promise<string> {
  return (await mustRun('tar', ['-xOf', rootfs, './var/lib/dpkg/status'])).stdout;
}

/** A view of nothing but a status file: all that planning reads. */
function viewOf(status: string): ImageView {
  const bytes = Buffer.from(status);
  const view: Pick<ImageView, 'small' | 'children'> = {
    small: (path) => (path === 'var/lib/dpkg/status' ? bytes : undefined),
    children: () => [],
  };
  return view as ImageView;
}

function plannerDeps(t: TestContext, mirror: DebianMirror) {
  const http = createHttpClient();
  t.after(() => http.close());
  return createArchiveDeps({
    config: {
      ...defaultRepositories,
      archives: { debian: [{ base: mirror.debian }], 'debian-security': [{ base: mirror.security }] },
    },
    http,
    files: systemFiles,
    sleep: (milliseconds: number, abort: AbortSignal) => setTimeout(milliseconds, undefined, { signal: abort }),
    clock: systemClock,
    freshness: memoryFreshness(),
    cache: memoryIndexCache(),
    builtinKeyring: bundledKeyrings(keyrings),
    blobs: {} as BlobStore,
    reader: createDebReader(),
  });
}

const systems = [
  { suite: 'bullseye', versionId: '11', include: [] },
  { suite: 'bullseye', versionId: '11', include: applicationPackages },
  { suite: 'bookworm', versionId: '12', include: [] },
  { suite: 'bookworm', versionId: '12', include: applicationPackages },
] as const;

for (const { suite, versionId, include } of systems) {
  const kind = include.length === 0 ? 'minimal' : 'application';
  test(`${suite} ${kind}: a plan for everything is apt's own choice`, async (t) => {
    const mirror = debianMirror();
    if (mirror === undefined) return t.skip('no package mirror: set DRYDOCK_DEBIAN_MIRROR');
    if (!needs(t, 'apt-get', 'mmdebstrap', 'tar')) return;
    await using temporary = await temporaryDirectory();
    const status = await statusOf(await debianRootfs(mirror, suite, include));
    const expected = await aptChoice(mirror, suite, status, temporary.path);
    const deps = plannerDeps(t, mirror);
    const os = { id: 'debian', versionId, codename: suite, prettyName: null, path: 'etc/os-release' };
    const view = viewOf(status);
    const universe = await openArchive(os, 'amd64', deps, signal);
    // One finding per package that has a newer version, announced in exactly that source version.
    const findings = readDatabase(view).installed.flatMap((unit): FixFinding[] => {
      const best = universe.candidates(unit.name)[0];
      if (best === undefined || best.version === unit.version) return [];
      const { name, arch, version, source } = unit;
      const announced = { fixedVersion: best.source.version, on: 'source', state: 'fixed' } as const;
      const who = { package: name, arch, installedVersion: version, source, severity: 'high' };
      return [{ id: `CVE-0000-${name}`, aliases: [], ...who, ...announced }];
    });
    const input: FixInput = {
      view,
      os,
      platform: { os: 'linux', architecture: 'amd64' },
      findings,
      pinned: new Set(),
      rejected: [],
      revision: 1,
      plannedAt: new Date(),
    };
    const started = performance.now();
    const plan = await createDpkgPlanner(deps).plan(input, signal, noProgress);
    t.diagnostic(`${plan.upgrades.length} upgrades, ${Math.round(performance.now() - started)} ms with a warm cache`);
    const chosen = plan.upgrades.map(({ name, to }) => `${name} ${to}`).sort();
    assert.deepEqual(chosen, expected);
    assert.ok(chosen.length > 0, 'the main suite alone should miss some fixes');
    const notFixed = plan.outcomes.filter(({ outcome }) => outcome !== 'fixed');
    // A rebuild without change of source has nothing to repair (binary-only uploads).
    assert.deepEqual(
      notFixed.filter(({ outcome }) => outcome !== 'not_affected'),
      [],
    );
  });
}

test('the bundled Debian keys are those of the system', async (t) => {
  const mirror = debianMirror();
  if (mirror === undefined) return t.skip('no package mirror: set DRYDOCK_DEBIAN_MIRROR');
  if (!needs(t, 'gpg')) return;
  const fingerprints = async (file: string): Promise<Set<string>> => {
    const { stdout } = await mustRun('gpg', ['--show-keys', '--with-colons', file]);
    const lines = stdout.split('\n').filter((line) => line.startsWith('fpr:'));
    return new Set(lines.map((line) => line.split(':')[9] ?? ''));
  };
  const system = await fingerprints(mirror.keyring);
  const bundled = await fingerprints(join(keyrings, 'debian-archive.asc'));
  assert.deepEqual(
    [...bundled].filter((one) => !system.has(one)),
    [],
  );
  assert.match(await readFile(join(keyrings, 'README.md'), 'utf8'), /B8B8 0B5B 623E AB6A D877/);
});
