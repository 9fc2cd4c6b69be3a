import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AdvisoryService } from '../../src/advisories/index.ts';
import { ecosystems, type InstalledPackage, type OsRelease, packageUrl } from '../../src/ecosystems/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { askRpmOracle, type RpmQuestion, sharedFolder } from '../support/rpm-world.ts';
import { needs } from '../support/system.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-matches-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const ids: Readonly<Record<string, string>> = { AlmaLinux: 'almalinux', 'Rocky Linux': 'rocky' };

function releaseOf(ecosystem: string): OsRelease {
  const [distribution = '', versionId = ''] = ecosystem.split(':');
  return { id: ids[distribution] ?? '', versionId, codename: null, prettyName: null, path: 'etc/os-release' };
}

/** The package as the service stores it: nothing but URL, name, version and source. */
function packageOf({ name, version, stream, ecosystem }: RpmQuestion): InstalledPackage {
  const [epoch, plain] = version.includes(':') ? version.split(':', 2) : [null, version];
  const qualifiers = { epoch, rpmmod: stream };
  const namespace = releaseOf(ecosystem).id;
  return {
    purl: packageUrl({ type: 'rpm', namespace, name, version: plain ?? '', qualifiers }),
    ...{ type: 'rpm', name, version, arch: null, source: { name, version } },
    ...{ locations: [], ownedBy: null, held: false },
  };
}

test('matching of RPM packages agrees with an independent oracle that orders versions with rpm', async (t) => {
  const osv = sharedFolder('osv');
  if (!needs(t, 'rpm', 'python3')) return;
  if (osv === undefined) return t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
  const http = { get: () => assert.fail('no network in this test') };
  const bundled = join(import.meta.dirname, '..', '..', 'data', 'debian-facts.bin');
  const service = new AdvisoryService({ directory, bundled, ecosystems, http, clock: systemClock });
  const only = Object.keys(ids);
  await service.update({ from: osv, only, progress: noProgress, signal: new AbortController().signal });
  const questions = await askRpmOracle(osv, 'sample', '60');
  using index = await service.open();
  let matches = 0;
  let ofModules = 0;
  for (const [ecosystem, group] of Map.groupBy(questions, (question) => question.ecosystem)) {
    const packages = new Map(group.map((question) => [packageOf(question), question]));
    const result = index.match([...packages.keys()], releaseOf(ecosystem));
    assert.deepEqual(result.unmatched, [], ecosystem);
    const found = Map.groupBy(result.matches, (match) => match.package);
    for (const [pkg, question] of packages) {
      const actual = (found.get(pkg) ?? []).map((match) => [match.id, match.fixedVersion] as const);
      const label = `${ecosystem} ${pkg.name} ${pkg.version} ${question.stream}`;
      assert.deepEqual(Object.fromEntries(actual), sorted(question.cves), label);
      matches += actual.length;
      if (question.stream !== null) ofModules += actual.length;
    }
  }
  assert.ok(questions.length > 2000 && ofModules > 1000, `${questions.length} ${ofModules}`);
  t.diagnostic(`${questions.length} package versions, ${matches} matches, ${ofModules} of modules`);
});

function sorted(cves: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(cves).sort(([a], [b]) => (a < b ? -1 : 1)));
}
