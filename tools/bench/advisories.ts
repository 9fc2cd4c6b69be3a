/**
 * Loading all advisories of the shared folder against the least that any importer must do (unpack and parse every
 * record, in Python), and matching 1,000 packages: of a system that lacks its newest updates (two packages a
 * source), which is what the target is about, and the hardest case, where each package is another source in a version
 * in the middle of its fixes.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AdvisoryService } from '../../src/advisories/index.ts';
import { ecosystems, type InstalledPackage } from '../../src/ecosystems/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { root } from '../../test/arch/source-tree.ts';
import { findProgram } from '../../test/support/system.ts';
import { measure, report } from './measure.ts';

const osv = join(process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared'), 'osv');
const python = findProgram('python3');
if (!existsSync(osv) || python === undefined) {
  console.log('skipped: needs the shared advisory data (DRYDOCK_SHARED) and python3');
  process.exit(0);
}

const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
try {
  const env = { PATH: process.env.PATH, HOME: scratch, DRYDOCK_DATA_DIR: scratch };
  const ours = await measure(join(root, 'bin/drydock'), ['db', 'update', '--from', osv, '--quiet'], { env });
  const parse =
    'import sys,json,zipfile\nfor p in sys.argv[1:]:\n  z=zipfile.ZipFile(p)\n  for n in z.namelist(): json.loads(z.read(n))';
  const archives = readdirSync(osv).map((name) => join(osv, name, 'all.zip'));
  const floor = await measure(python, ['-c', parse, ...archives.filter((path) => existsSync(path))]);
  const referenceName = 'python3 unzip and parse only';
  report({ name: 'db update, all ecosystems', ours: ours.seconds, reference: floor.seconds, referenceName, unit: 's' });
  report({ name: '', ours: ours.seconds, unit: 's', target: 60, peakMiB: ours.peakMiB, targetMiB: 600 });
  const directory = join(scratch, 'advisories');
  await matching('index', directory, directory);
  await matching('bundled facts', join(scratch, 'none'), directory);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function matching(name: string, directory: string, facts: string): Promise<void> {
  const bundled = join(root, 'data', 'debian-facts.bin');
  const http = { get: () => Promise.reject(new Error('no network')) };
  const service = new AdvisoryService({ directory, bundled, ecosystems, http, clock: systemClock });
  for (const [kind, share] of [
    ['typical', 0.95],
    ['hardest', 0.5],
  ] as const) {
    const packages = samplePackages(facts, share, kind === 'hardest' ? 1 : 2);
    const started = performance.now();
    using index = await service.open();
    const opened = performance.now();
    const os = { id: 'debian', versionId: '12', codename: null, prettyName: null, path: 'etc/os-release' };
    const { matches } = index.match(packages, os);
    const cold = performance.now() - opened;
    const times = Array.from({ length: 9 }, () => {
      const again = performance.now();
      index.match(packages, os);
      return performance.now() - again;
    }).sort((a, b) => a - b);
    const label = `${name}, ${kind}: ${packages.length} packages, ${matches.length} matches`;
    console.log(`${label}; opened in ${(opened - started).toFixed(0)} ms, first ${cold.toFixed(0)} ms`);
    const target = kind === 'typical' ? { target: 50 } : {};
    report({ name: '  median of nine', ours: times[4] ?? 0, unit: 'ms', ...target });
  }
}

/** Packages of Debian 12, `each` binary packages a source, at the given place in the order of the source's fixes. */
function samplePackages(directory: string, share: number, each: number): InstalledPackage[] {
  const [file] = readdirSync(join(directory, 'snapshots')).filter((name) => name.endsWith('.sqlite'));
  using database = new DatabaseSync(join(directory, 'snapshots', file ?? ''), { readOnly: true });
  const rows = database
    .prepare(`SELECT name, group_concat(DISTINCT fixed) AS fixes FROM fact JOIN package USING (key)
      WHERE ecosystem = 'Debian:12' AND fixed IS NOT NULL GROUP BY name ORDER BY name`)
    .all() as { name: string; fixes: string }[];
  const wanted = 1_000 / each;
  const stride = Math.max(1, Math.floor(rows.length / wanted));
  const compare = ecosystems.find(({ id }) => id === 'dpkg')?.versions.compare ?? (() => 0);
  return rows
    .filter((_, index) => index % stride === 0)
    .slice(0, wanted)
    .flatMap(({ name, fixes }) => {
      const ordered = fixes.split(',').sort(compare);
      const version = ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? '1';
      const place = { arch: 'amd64', locations: [], ownedBy: null, held: false };
      return Array.from({ length: each }, (_, part) => {
        const binary = `${name}-${part}`;
        const source = { name, version };
        return { purl: `pkg:deb/debian/${binary}@${version}`, type: 'deb', name: binary, version, source, ...place };
      });
    });
}
