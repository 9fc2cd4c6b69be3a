import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type AdvisoryIndex, AdvisoryService, type FeedState, type UpdateResult } from '../../src/advisories/index.ts';
import { ecosystems, type InstalledPackage, type OsRelease } from '../../src/ecosystems/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { applicationSystem } from '../support/debian-packages.ts';
import { needs } from '../support/system.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const shared = process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared');
const osv = join(shared, 'osv');
const directory = mkdtempSync(join(tmpdir(), 'advisories-'));
const service = serviceAt(directory);
let loaded: UpdateResult | undefined;

before(async () => {
  if (!existsSync(osv)) return;
  const kev = join(shared, 'feeds', 'known_exploited_vulnerabilities.json');
  const epss = join(shared, 'feeds', 'epss_scores.csv.gz');
  loaded = await service.update({ from: osv, kev, epss, progress: noProgress, signal: new AbortController().signal });
});
after(() => rmSync(directory, { recursive: true, force: true }));

function data(t: TestContext): UpdateResult | undefined {
  if (loaded === undefined) t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
  return loaded;
}

test('all records of the shared OSV folder load', async (t) => {
  const result = data(t);
  const system = needs(t, 'python3');
  if (result === undefined || system === undefined) return;
  // The number of different ids in each archive, counted by Python's own zip and JSON readers.
  const count =
    'import sys,json,zipfile;z=zipfile.ZipFile(sys.argv[1]);print(len({json.loads(z.read(n))["id"] for n in z.namelist()}))';
  const names = (await readdir(osv)).filter((name) => existsSync(join(osv, name, 'all.zip')));
  assert.ok(names.length >= 12);
  for (const name of names) {
    const feed: FeedState | undefined = result.snapshot.feeds.find((state) => state.id === `osv/${name}`);
    const counted: { stdout: string } = await run(system.python3, ['-c', count, join(osv, name, 'all.zip')]);
    assert.deepEqual([name, feed?.records, feed?.bad], [name, Number(counted.stdout), 0]);
  }
  assert.equal(result.snapshot.feeds.find((state) => state.id === 'kev')?.records, 1662);
});

interface Expected {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly cves: Readonly<Record<string, string | null>>;
}

function foundBy(index: AdvisoryIndex, { ecosystem, name, version }: Expected): Record<string, string | null> {
  const place = { arch: 'amd64', locations: [], ownedBy: null, held: false };
  const source = { name, version };
  const pkg: InstalledPackage = {
    purl: `pkg:deb/debian/${name}@${version}`,
    type: 'deb',
    name,
    version,
    source,
    ...place,
  };
  const release = ecosystem.slice('Debian:'.length);
  const os: OsRelease = { id: 'debian', versionId: release, codename: null, prettyName: null, path: 'etc/os-release' };
  const result = index.match([pkg], os);
  assert.deepEqual(result.unmatched, [], `${name} ${version}`);
  return Object.fromEntries(result.matches.map((match) => [match.id, match.fixedVersion]));
}

test('matching of Debian packages agrees with an independent oracle that orders versions with apt', async (t) => {
  if (data(t) === undefined) return;
  const oracle = join(import.meta.dirname, 'oracle', 'debian-matches.py');
  const python = '/usr/bin/python3';
  const ready = await run(python, ['-c', 'import apt_pkg']).catch(() => undefined);
  if (ready === undefined) return t.skip('needs python3-apt: run tools/system-deps.sh');
  const archive = join(osv, 'Debian', 'all.zip');
  const { stdout } = await run(python, [oracle, archive, '300'], { maxBuffer: 256 * 1024 * 1024 });
  const pairs = JSON.parse(stdout) as Expected[];
  assert.ok(pairs.length >= 300, `${pairs.length} pairs`);
  using updated = await service.open();
  const fresh = serviceAt(join(directory, 'none'));
  using bundled = await fresh.open();
  let cves = 0;
  for (const pair of pairs) {
    const label = `${pair.ecosystem} ${pair.name} ${pair.version}`;
    assert.deepEqual(foundBy(updated, pair), sorted(pair.cves), label);
    assert.deepEqual(foundBy(bundled, pair), sorted(pair.cves), `bundled facts: ${label}`);
    cves += Object.keys(pair.cves).length;
  }
  t.diagnostic(`${pairs.length} package versions, ${cves} matches`);
});

test('the bundled facts say of real images what the feed says', async (t) => {
  const mirror = debianMirror();
  if (data(t) === undefined || needs(t, 'mmdebstrap') === undefined) return;
  if (mirror === undefined) return t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR');
  // Other ecosystems may know a severity that Debian's records lack: the facts come from those alone.
  const service = serviceAt(join(directory, 'debian'));
  await service.update({ from: osv, only: ['Debian'], progress: noProgress, signal: new AbortController().signal });
  using updated = await service.open();
  using bundled = await serviceAt(join(directory, 'none')).open();
  for (const [release, codename] of [
    ['11', 'bullseye'],
    ['12', 'bookworm'],
  ] as const) {
    const { packages, os } = await applicationSystem(mirror, release, codename);
    const [facts, feed] = [bundled.match(packages, os), updated.match(packages, os)];
    assert.ok(feed.matches.length > 200 && packages.length > 100, `${packages.length}: ${feed.matches.length}`);
    for (const state of ['fixed', 'unfixed', 'unimportant']) {
      assert.ok(
        feed.matches.some((match) => match.state === state),
        `${codename} has ${state} ones`,
      );
    }
    // Titles are not bundled.
    assert.deepEqual(
      facts.matches,
      feed.matches.map((match) => ({ ...match, title: null })),
    );
    assert.deepEqual(facts.unmatched, feed.unmatched);
    t.diagnostic(`${codename}: ${packages.length} packages, ${feed.matches.length} matches`);
  }
});

function serviceAt(path: string): AdvisoryService {
  const bundled = join(root, 'data', 'advisories');
  const http = { get: () => assert.fail('no network in this test') };
  return new AdvisoryService({ directory: path, bundled, ecosystems, http, clock: systemClock });
}

function sorted(cves: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(cves).sort(([a], [b]) => (a < b ? -1 : 1)));
}
