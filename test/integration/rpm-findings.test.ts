import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ScanReport } from '../../src/findings/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { almaLinux8, rocky9 } from '../support/rpm-system.ts';
import {
  askRpmOracle,
  buildRpms,
  installRpms,
  type RpmQuestion,
  type RpmSource,
  sharedFolder,
} from '../support/rpm-world.ts';
import { needs } from '../support/system.ts';

interface System {
  readonly osRelease: string;
  readonly ecosystem: string;
  /** Where this distribution keeps the database. */
  readonly dbPath: string;
  readonly on: 'binary' | 'source';
  readonly sources: readonly RpmSource[];
}

const systems: readonly System[] = [
  {
    osRelease: 'NAME="AlmaLinux"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.9"\n',
    ...{ ecosystem: 'AlmaLinux:8', dbPath: '/var/lib/rpm', on: 'binary', sources: almaLinux8 },
  },
  {
    osRelease: 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n',
    ...{ ecosystem: 'Rocky Linux:9', dbPath: '/usr/lib/sysimage/rpm', on: 'source', sources: rocky9 },
  },
];

interface Installed {
  readonly name: string;
  readonly question: RpmQuestion;
}

/** Each binary package with the name and version that advisories of its distribution are about, as its spec says. */
function installedIn({ sources, ecosystem, on }: System): Installed[] {
  const versionOf = (epoch: number | undefined, version: string, release: string): string =>
    `${epoch ? `${epoch}:` : ''}${version}-${release}`;
  return sources.flatMap((source) => {
    const own = versionOf(source.epoch, source.version, source.release);
    const stream = source.module?.split(':').slice(0, 2).join(':') ?? null;
    return source.packages.map((pkg) => {
      const version = versionOf(pkg.epoch ?? source.epoch, pkg.version ?? source.version, source.release);
      const looked = on === 'source' ? { name: source.name, version: own } : { name: pkg.name, version };
      return { name: pkg.name, question: { ecosystem, stream, ...looked } };
    });
  });
}

for (const system of systems) {
  test(`findings of a system of ${system.ecosystem} are those of the records`, async (t) => {
    const osv = sharedFolder('osv');
    if (!needs(t, 'rpmbuild', 'rpm', 'python3')) return;
    if (osv === undefined) return t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
    await using scratch = await temporaryDirectory();
    const rootfs = join(scratch.path, 'rootfs');
    await installRpms(rootfs, system.dbPath, await buildRpms(join(scratch.path, 'build'), system.sources));
    await mkdir(join(rootfs, 'etc'), { recursive: true });
    await writeFile(join(rootfs, 'etc/os-release'), system.osRelease);

    const dataDirectory = join(scratch.path, 'data');
    const name = system.ecosystem.slice(0, system.ecosystem.indexOf(':'));
    const updated = await drydock(['db', 'update', '--from', osv, '--only', name], { dataDirectory });
    assert.equal(updated.code, 0, updated.stderr);
    const scanned = await drydock(['scan', `dir:${rootfs}`, '-o', 'json'], { dataDirectory });
    const report = JSON.parse(scanned.stdout) as ScanReport;

    const installed = installedIn(system);
    assert.deepEqual(report.packages.map((pkg) => pkg.name).sort(), installed.map((pkg) => pkg.name).sort());
    const foreign = new Set(
      system.sources.filter(({ vendor }) => vendor.includes('NGINX')).map((source) => source.name),
    );
    const judged = installed.filter((pkg) => !foreign.has(pkg.name));
    const file = join(scratch.path, 'questions.json');
    await writeFile(file, JSON.stringify(judged.map(({ question }) => question)));
    const answers = await askRpmOracle(osv, 'inventory', file);
    const expected = judged.flatMap((pkg, at) =>
      Object.entries(answers[at]?.cves ?? {}).map(([cve, fix]) => `${pkg.name} ${cve} ${fix}`),
    );
    const byPurl = new Map(report.packages.map((pkg) => [pkg.purl, pkg.name]));
    const actual = report.findings.map((finding) =>
      finding.kind === 'cve' ? `${byPurl.get(finding.package)} ${finding.id} ${finding.fixedVersion}` : finding.kind,
    );
    assert.deepEqual(actual.sort(), expected.sort());
    assert.ok(expected.length > 20, `${expected.length}`);
    t.diagnostic(`${installed.length} packages, ${expected.length} findings`);
    for (const pkg of foreign) assert.match(scanned.stdout, new RegExp(`pkg:rpm/almalinux/${pkg}@[^"]+vendor=NGINX`));
    const gaps = report.diagnostics.filter(({ code }) => code === 'no_advisory_source');
    assert.equal(gaps.length, foreign.size, 'a build of another vendor is not judged, and that is said');
    const kernel = report.findings.filter(
      (finding) => finding.kind === 'cve' && byPurl.get(finding.package) === 'kernel-headers',
    );
    assert.ok(kernel.every((finding) => finding.kind === 'cve' && (finding.kev || finding.priority === 'nntf')));
  });
}
