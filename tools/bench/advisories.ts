/**
 * Loading all advisories of the shared folder against the least that any importer must do (unpack and parse every
 * record, in Python), and matching 1,000 packages of Debian 12, in a fresh process each time, because that is what a
 * scan pays. Three samples: the packages of a real application image, filled up to 1,000; a made-up system that lacks
 * its newest updates; and the hardest case, each package another source in the middle of its fixes. Then 5,000 packages
 * of all ecosystems, all of which have advisories, at the version before the newest fix but few.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ecosystems, type InstalledPackage } from '../../src/ecosystems/index.ts';
import { root } from '../../test/arch/source-tree.ts';
import { askingWorlds, questionsAbout, typeOf } from '../../test/support/advisory-questions.ts';
import { debianMirror } from '../../test/support/debian-mirror.ts';
import { applicationSystem } from '../../test/support/debian-packages.ts';
import { findProgram } from '../../test/support/system.ts';
import { measure, report } from './measure.ts';

const osv = join(process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared'), 'osv');
const python = findProgram('python3');
if (!existsSync(osv) || python === undefined) {
  console.log('skipped: needs the shared advisory data (DRYDOCK_SHARED) and python3');
  process.exit(0);
}

/** Where packages of each ecosystem are looked up: the release that has most. */
const places: ReadonlyMap<string, string> = new Map([
  ...(['Go', 'Maven', 'NuGet', 'Packagist', 'PyPI', 'RubyGems', 'crates.io', 'npm'] as const).map(
    (name) => [name, name] as const,
  ),
  ...[['Debian', 'Debian:12'] as const, ['Alpine', 'Alpine:v3.19'] as const],
  ...[['AlmaLinux', 'AlmaLinux:9'] as const, ['Rocky Linux', 'Rocky Linux:9'] as const],
]);

const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
try {
  await loading(python);
  const mirror = debianMirror();
  if (mirror === undefined || findProgram('mmdebstrap') === undefined) {
    console.log('without a real image: needs a Debian mirror (DRYDOCK_DEBIAN_MIRROR) and mmdebstrap');
  } else {
    const { packages } = await applicationSystem(mirror, '12', 'bookworm');
    const filled = [...packages, ...madeUp(1_000 - packages.length, 0.95, 2)];
    await matching(`${packages.length} real and ${filled.length - packages.length} others`, filled, 50);
  }
  await matching('without newest updates', madeUp(1_000, 0.95, 2), 50);
  await matching('hardest', madeUp(1_000, 0.5, 1));
  const everywhere = packagesOf(places, 5_000);
  await matching('of all ecosystems', everywhere, 150, [...places.keys()]);
  await diskSize();
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function loading(python: string): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: scratch, DRYDOCK_DATA_DIR: scratch };
  const ours = await measure(join(root, 'bin/drydock'), ['db', 'update', '--from', osv, '--quiet'], { env });
  const parse =
    'import sys,json,zipfile\nfor p in sys.argv[1:]:\n  z=zipfile.ZipFile(p)\n  for n in z.namelist(): json.loads(z.read(n))';
  const archives = readdirSync(osv).map((name) => join(osv, name, 'all.zip'));
  const floor = await measure(python, ['-c', parse, ...archives.filter((path) => existsSync(path))]);
  const referenceName = 'python3 unzip and parse only';
  report({ name: 'db update, all ecosystems', ours: ours.seconds, reference: floor.seconds, referenceName, unit: 's' });
  report({ name: '', ours: ours.seconds, unit: 's', target: 60, peakMiB: ours.peakMiB, targetMiB: 600 });
}

async function diskSize(): Promise<void> {
  const directory = join(scratch, 'advisories', 'snapshots');
  const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
  report({ name: 'index of all ecosystems', ours: Math.max(...sizes) / 1e6, unit: 'MB', target: 200 });
}

/** @param asking OSV ecosystems of packages that say themselves where they are looked up. */
async function matching(
  name: string,
  packages: readonly InstalledPackage[],
  target?: number,
  asking: readonly string[] = [],
): Promise<void> {
  const file = join(scratch, 'packages.json');
  await writeFile(file, JSON.stringify(packages));
  for (const [store, directory] of [
    ['index', join(scratch, 'advisories')],
    ['bundled', join(scratch, 'none')],
  ] as const) {
    const runs: { open: number; first: number; firstCpu: number; again: number; matches: number }[] = [];
    for (let run = 0; run < 5; run++) {
      const part = join(root, 'tools/bench/parts/match-once.ts');
      runs.push(JSON.parse((await measure(process.execPath, [part, directory, file, ...asking])).stdout));
    }
    const middle = (key: 'open' | 'first' | 'firstCpu' | 'again'): number =>
      runs.map((run) => run[key]).sort((a, b) => a - b)[2] ?? Number.NaN;
    console.log(`${packages.length} packages, ${name}: ${runs[0]?.matches} matches, ${store}`);
    report({ name: '  opening', ours: middle('open'), unit: 'ms' });
    report({ name: '  first match of a process', ours: middle('first'), unit: 'ms', ...(target && { target }) });
    report({ name: '  of that, processor time of its thread', ours: middle('firstCpu'), unit: 'ms' });
    report({ name: '  later matches', ours: middle('again'), unit: 'ms', ...(target && { target }) });
  }
}

/** So many packages that have advisories, in equal shares, at a late version among those that their advisories name. */
function packagesOf(places: ReadonlyMap<string, string>, wanted: number): InstalledPackage[] {
  const worlds = askingWorlds([...places.keys()]);
  const share = Math.ceil(wanted / places.size);
  const asked = questionsAbout(join(scratch, 'advisories'), worlds, share * 4, [0.95]);
  const place = { source: null, locations: [], ownedBy: null, held: false };
  const inPlace = [...places.values()].map((ecosystem) => asked.filter((question) => question.ecosystem === ecosystem));
  // The larger ecosystems fill up what the smaller ones lack.
  const byTurns = Array.from({ length: share * 4 }, (_, at) => inPlace.flatMap((questions) => questions[at] ?? []));
  return byTurns
    .flat()
    .slice(0, wanted)
    .map(({ ecosystem, name, version }) => {
      const purl = `pkg:${ecosystem}/${name}@${version}`;
      return { purl, type: typeOf(ecosystem), name, version, arch: ecosystem, ...place };
    });
}

/** Packages of Debian 12, `each` binary packages a source, at the given place in the order of the source's fixes. */
function madeUp(wanted: number, share: number, each: number): InstalledPackage[] {
  const directory = join(scratch, 'advisories', 'snapshots');
  const [file = ''] = readdirSync(directory).filter((name) => name.endsWith('.sqlite'));
  using database = new DatabaseSync(join(directory, file), { readOnly: true });
  const rows = database
    .prepare(`SELECT name, group_concat(DISTINCT fixed) AS fixes FROM fact JOIN package USING (key)
      WHERE ecosystem = 'Debian:12' AND fixed IS NOT NULL GROUP BY name ORDER BY name`)
    .all() as { name: string; fixes: string }[];
  const stride = Math.max(1, Math.floor((rows.length * each) / wanted));
  const compare = ecosystems.find(({ id }) => id === 'dpkg')?.versions.compare ?? (() => 0);
  return rows
    .filter((_, index) => index % stride === 0)
    .flatMap(({ name, fixes }) => {
      const ordered = fixes.split(',').sort(compare);
      const version = ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? '1';
      const place = { arch: 'amd64', locations: [], ownedBy: null, held: false };
      return Array.from({ length: each }, (_, part) => {
        const binary = `${name}-${part}`;
        const source = { name, version };
        return { purl: `pkg:deb/debian/${binary}@${version}`, type: 'deb', name: binary, version, source, ...place };
      });
    })
    .slice(0, wanted);
}
