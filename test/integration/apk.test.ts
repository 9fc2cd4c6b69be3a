import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { type AdvisoryIndex, AdvisoryService } from '../../src/advisories/index.ts';
import { apkCataloger } from '../../src/ecosystems/apk/catalog.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { ScanReport } from '../../src/findings/index.ts';
import { vulnerabilitiesIn } from '../../src/findings/index.ts';
import { fixedClock, noProgress, systemClock } from '../../src/kernel/index.ts';
import { noCache, scanImage } from '../../src/scan/index.ts';
import { apkDatabase } from '../support/apk-database.ts';
import { factLayers } from '../support/fact-layers.ts';
import { handleOf } from '../support/image-handle.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';
import { buildTestImage, tar } from '../support/test-image.ts';

const root = join(import.meta.dirname, '..', '..');
const shared = process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared');
const archive = join(shared, 'osv/Alpine/all.zip');
const oracle = join(import.meta.dirname, 'oracle/alpine-matches.py');
const installed = 'lib/apk/db/installed';

const directory = mkdtempSync(join(tmpdir(), 'apk-'));
after(() => rmSync(directory, { recursive: true, force: true }));
let loading: Promise<AdvisoryIndex> | undefined;

/** The index of the shared OSV data for Alpine; loaded once. */
async function alpineIndex(t: TestContext): Promise<AdvisoryIndex | undefined> {
  if (!existsSync(archive)) {
    t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
    return undefined;
  }
  loading ??= (async () => {
    const bundled = join(root, 'data/debian-facts.bin');
    const noNetwork = { get: () => assert.fail('no network in this test') };
    const service = new AdvisoryService({ directory, bundled, ecosystems, clock: systemClock, http: noNetwork });
    const signal = new AbortController().signal;
    await service.update({ from: join(shared, 'osv'), only: ['Alpine'], progress: noProgress, signal });
    return service.open();
  })();
  return loading;
}

async function ask<T>(...args: string[]): Promise<T> {
  return JSON.parse((await mustRun('python3', [oracle, ...args])).stdout) as T;
}

async function scan(index: AdvisoryIndex, files: Record<string, string>): Promise<ScanReport> {
  return scanImage({
    ...{ image: handleOf(buildTestImage([tar(files)])), index, ecosystems, cache: noCache, progress: noProgress },
    ...{ clock: fixedClock('2026-11-20T00:00:00Z'), signal: AbortSignal.timeout(60_000), toolVersion: '0' },
  });
}

/** Findings as the oracle tells them: `package CVE fixed version`. */
function told(report: ScanReport): string[] {
  return vulnerabilitiesIn(report)
    .map(({ package: purl, id, fixedVersion }) => `${purl.split('/')[2]?.split('@')[0]} ${id} ${fixedVersion}`)
    .sort();
}

interface Sample {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly origin: string;
  readonly cves: Readonly<Record<string, string | null>>;
  readonly files: readonly string[];
}

for (const release of ['3.10.9', '3.20.3']) {
  test(`the real database of Alpine ${release}: packages, owned files and CVEs as the oracle reads them`, async (t) => {
    const database = join(shared, `samples/apk-installed-${release}`);
    const osRelease = join(shared, `samples/apk-os-release-${release}`);
    if (!existsSync(database)) return t.skip('needs the shared samples: set DRYDOCK_SHARED');
    const index = needs(t, 'python3') && (await alpineIndex(t));
    if (index === undefined) return;
    const expected = await ask<Sample[]>('scan', database, osRelease, archive);
    const text = readFileSync(database);
    const report = await scan(index, {
      'etc/os-release': readFileSync(osRelease, 'utf8'),
      [installed]: text.toString(),
    });
    assert.deepEqual(
      report.packages.map(({ name, version, arch, source }) => [name, version, arch, source?.name]).sort(),
      expected.map(({ name, version, arch, origin }) => [name, version, arch, origin]).sort(),
    );
    const findings = expected.flatMap(({ name, cves }) =>
      Object.entries(cves).map(([id, fix]) => `${name} ${id} ${fix}`),
    );
    assert.deepEqual(told(report), findings.sort());
    assert.ok(findings.length > 0);

    const { layers, view } = await factLayers(() => apkCataloger.analysis.visitor(), [{ [installed]: text }]);
    const { owners, diagnostics } = apkCataloger.coalesce({ layers, view, os: undefined });
    assert.deepEqual(diagnostics, []);
    for (const { name, files } of expected) {
      for (const path of files) assert.equal(owners?.ownerOf(path)?.split('/')[1]?.split('@')[0], name, path);
    }
  });
}

interface Pair {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly cves: Readonly<Record<string, string | null>>;
}

test('versions around the fixes of all branches: affected and fixed neighbours as the oracle tells them', async (t) => {
  const index = needs(t, 'python3') && (await alpineIndex(t));
  if (index === undefined) return;
  const pairs = await ask<Pair[]>('pick', archive, '400');
  assert.ok(pairs.length > 2000, `${pairs.length} pairs`);
  const branches = Map.groupBy(pairs, ({ ecosystem }) => ecosystem);
  let matches = 0;
  for (const [ecosystem, group] of branches) {
    // Origins are compared, so each pair is a binary package of its own, of the origin that the record names.
    const packages = group.map(({ name, version }, index) => ({ name: `p${index}`, origin: name, version }));
    const report = await scan(index, {
      'etc/os-release': `ID=alpine\nVERSION_ID=${ecosystem.slice('Alpine:v'.length)}.1\n`,
      [installed]: apkDatabase(packages),
    });
    const expected = group.flatMap(({ cves }, index) =>
      Object.entries(cves).map(([id, fix]) => `p${index} ${id} ${fix}`),
    );
    assert.deepEqual(told(report), expected.sort(), ecosystem);
    matches += expected.length;
  }
  assert.ok(matches > 5000 && pairs.some(({ cves }) => Object.keys(cves).length === 0), 'both kinds of neighbours');
  t.diagnostic(`${pairs.length} package versions of ${branches.size} branches, ${matches} matches`);
});
