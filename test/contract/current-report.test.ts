import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFindingsStore } from '../../src/adapters/sql/findings/index.ts';
import type { AdvisoryIndex } from '../../src/advisories/index.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { EstateRule, ScanReport } from '../../src/findings/index.ts';
import { decisionsFor, riskDecisionsFor, vulnerabilitiesIn } from '../../src/findings/index.ts';
import { fixedClock, noProgress } from '../../src/kernel/index.ts';
import { noCache, scanImage } from '../../src/scan/index.ts';
import { createReportIngest, currentReport, rematch } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, firstRepository } from '../support/facts-world.ts';
import { type FakeAdvisory, fakeAdvisories } from '../support/fake-advisories.ts';
import { handleOf } from '../support/image-handle.ts';
import { buildTestImage, tar } from '../support/test-image.ts';

const now = '2026-10-01T03:04:05Z';

function record(name: string, version: string, source = name, arch = 'amd64'): string {
  return `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\nSource: ${source}\nVersion: ${version}\n\n`;
}

const status = 'var/lib/dpkg/status';
/** A release without support, two layers, one package for two architectures, one of another source version. */
const base = tar({
  'etc/os-release': 'ID=debian\nVERSION_ID="11"\nPRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\n',
  [status]: record('libssl1.1', '1.1-1', 'openssl') + record('zlib1g', '1.2-1', 'zlib'),
});
const top = tar({
  [status]:
    record('libssl1.1', '1.1-1', 'openssl') +
    record('libssl1.1', '1.1-1', 'openssl', 'i386') +
    record('zlib1g', '1.2-1', 'zlib') +
    record('curl', '7-1') +
    record('odd', 'no version at all'),
});

const first: FakeAdvisory[] = [
  { id: 'CVE-2026-0001', ecosystem: 'Debian:11', source: 'openssl', fixed: null, level: 'critical' },
  { id: 'CVE-2026-0002', ecosystem: 'Debian:11', source: 'openssl', fixed: '1.1-2', level: 'negligible' },
  { id: 'CVE-2026-0004', ecosystem: 'Debian:11', source: 'curl', fixed: null, state: 'unimportant' },
];
const second: FakeAdvisory[] = [
  { id: 'CVE-2026-0001', ecosystem: 'Debian:11', source: 'openssl', fixed: '1.1-9', level: 'critical' },
  { id: 'CVE-2026-0009', ecosystem: 'Debian:11', source: 'zlib', fixed: null, level: 'low' },
];

function indexOf(id: string, advisories: readonly FakeAdvisory[]): AdvisoryIndex {
  const index = fakeAdvisories(advisories, '2026-09-30T00:00:00Z');
  return { ...index, snapshot: { ...index.snapshot, id } };
}

async function scan(layers: readonly Buffer[], index: AdvisoryIndex): Promise<ScanReport> {
  const image = buildTestImage(layers);
  const common = { ecosystems, cache: noCache, clock: fixedClock(now), progress: noProgress, toolVersion: '1.2.3' };
  return scanImage({ image: handleOf(image), index, signal: new AbortController().signal, ...common });
}

/** Priorities are the matcher's own business: the invented advisories do not climb the ladder. */
function comparable(report: ScanReport): unknown {
  return { ...report, findings: vulnerabilitiesIn(report).map(({ priorityReason: _reason, ...finding }) => finding) };
}

forEachDatabase('reports', (open) => {
  test('come back from facts as a scan with the advisories of the day would make them', async (t) => {
    const { db } = await open(t);
    const { inventory, clock, queue } = await factsWorld(db);
    const store = createFindingsStore(db, clock);
    const report = await scan([base, top], indexOf('one', first));
    const repository = await addImage(inventory, report.image.digest);
    const deps = { store, ecosystems, clock, queue };
    await createReportIngest({ ...deps, index: () => indexOf('one', first) }).ingest(report, { generation: 1 });

    const [image] = await inventory.findImages({ digest: report.image.digest as never }, 1);
    const own = {
      uuid: image?.uuid ?? '',
      digests: [report.image.digest],
      projectId: 1,
      registryId: 1,
      registryKind: 'oci',
      repositoryPath: repository,
    };
    const current = async (rules: readonly EstateRule[] = []): Promise<ScanReport> => {
      const view = (await store.image(image?.manifestId ?? 0)) ?? assert.fail();
      const deciders = {
        decide: decisionsFor(rules, own, Date.parse(now)),
        decideRisk: riskDecisionsFor(rules, own, Date.parse(now)),
      };
      return currentReport(view, { ecosystems, ...deciders, now: new Date(now) });
    };
    assert.ok(vulnerabilitiesIn(report).some(({ state }) => state === 'end_of_life'));
    assert.deepEqual(comparable(await current()), comparable(report));

    const advisories = { open: async () => indexOf('two', second), changedKeys: async () => 'all' as const };
    const run = { full: false, at: 5_000, signal: new AbortController().signal, progress: () => undefined };
    await rematch({ store, advisories, ecosystems }, run);
    const fresh = await scan([base, top], indexOf('two', second));
    assert.deepEqual(comparable(await current()), comparable(fresh));

    const rule: EstateRule = {
      ...{ id: 1, kind: 'ignore', projectId: null, vulnerabilities: ['CVE-2026-0009'], findingKind: null },
      ...{ scope: { kind: 'images', uuids: [own.uuid] }, reason: 'not reachable', by: 'ann', createdAt: 1 },
      ...{ expiresAt: Date.parse('2027-01-01T00:00:00Z'), expiresWhen: 'none' },
    };
    const decided = await current([rule]);
    assert.deepEqual(
      decided.findings.filter(({ ignored }) => ignored !== null).map(({ id, ignored }) => [id, ignored]),
      [['CVE-2026-0009', { reason: 'not reachable', by: 'ann', until: '2027-01-01T00:00:00.000Z' }]],
    );
    assert.equal(decided.counts.cve.total, fresh.counts.cve.total - 1);
  });
});

async function addImage(
  inventory: Awaited<ReturnType<typeof factsWorld>>['inventory'],
  digest: string,
): Promise<string> {
  const repository = await firstRepository(inventory);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const image = {
    ...{ digest: digest as never, mediaType, manifestSize: 1, configDigest: null, os: null, arch: null, variant: null },
    ...{ createdAt: null, size: null, refused: null },
  };
  const root = { digest: digest as never, kind: 'image' as const, mediaType, size: 1, images: [image] };
  await inventory.applyTags(repository.id, [{ tag: '1', root, observedAt: 1 }], { source: 'poll', actor: null });
  return 'team/app';
}
