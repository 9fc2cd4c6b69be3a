import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findManifest } from '../../src/adapters/sql/findings/images.ts';
import {
  countFindings,
  type EstateRiskContent,
  type Finding,
  type RiskFinding,
  type RiskTally,
} from '../../src/findings/index.ts';
import { currentReport } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, toyDigest, toyEcosystems } from '../support/facts-world.ts';
import { failedCheck, maliciousFile, riskFindings, sensitiveFile } from '../support/risk-samples.ts';
import { tableRows } from '../support/table-rows.ts';

type World = Awaited<ReturnType<typeof factsWorld>>;
const tables = ['risk', 'risk_set', 'image_risk', 'dict', 'layer'] as const;
const everything = ['vuln', 'malware', 'secret', 'baseline'] as const;

const toy = (number: number, risks: readonly RiskFinding[]) => ({ number, release: '12', packages: [], risks });

async function manifestOf({ db }: World, number: number): Promise<number> {
  return (await findManifest(db.kysely, toyDigest(number))) ?? assert.fail('no manifest');
}

async function reported(world: World, number: number): Promise<readonly Finding[]> {
  const view = (await world.store.image(await manifestOf(world, number))) ?? assert.fail('no image');
  const none = { decide: () => null, decideRisk: () => null };
  return currentReport(view, { ecosystems: toyEcosystems, ...none, now: new Date(1_000) }).findings;
}

async function tallyOf(world: World, number: number): Promise<RiskTally> {
  const manifestId = await manifestOf(world, number);
  return (await world.store.riskTallies([manifestId])).get(manifestId) ?? assert.fail('no counters');
}

const rows = ({ db }: World): Promise<Record<string, number>> => tableRows(db, tables);

async function contentOf(world: World, number: number): Promise<EstateRiskContent> {
  const manifestId = await manifestOf(world, number);
  const all: EstateRiskContent[] = [];
  for await (const batch of world.store.riskContents(0)) all.push(...batch);
  return all.find((content) => content.manifestId === manifestId) ?? assert.fail('no content');
}

/** The counters of a report in the shape of stored ones. */
function counted(findings: readonly RiskFinding[]): RiskTally {
  const { baseline, instruction, sensitive, malicious } = countFindings(findings);
  const { serious: high, suspicious: medium, remind: low, total } = malicious;
  return { baseline, instruction, malicious: { high, medium, low, total }, sensitive };
}

const byKind = (a: Finding, b: Finding): number => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0);

forEachDatabase('risks', (open) => {
  test('reports come back, and counters agree with reports, whatever was found', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(riskFindings, { minLength: 1, maxLength: 3 }), async (scans) => {
        number++;
        for (const risks of scans) {
          await world.scan(toy(number, risks));
          assert.deepEqual(await reported(world, number), risks.toSorted(byKind));
          assert.deepEqual(await tallyOf(world, number), counted(risks));
        }
      }),
      { numRuns: 12 },
    );
    assert.deepEqual((await world.store.checkCounts()).differences, []);
  });

  test('what several images have is stored once, and scanning again changes nothing', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    const shared = [failedCheck('ID-001'), maliciousFile(1), sensitiveFile('pem', 'root/key')];
    await world.scan(toy(1, shared));
    const before = await rows(world);
    assert.deepEqual([before.risk, before.risk_set, before.image_risk], [3, 1, 1]);
    for (let number = 2; number <= 9; number++) await world.scan(toy(number, shared));
    assert.deepEqual(await rows(world), { ...before, image_risk: 9 });
    const revision = (await world.store.factRevisions()).ingest;
    const again = await world.scan(toy(3, shared), world.active(), 5_000);
    assert.equal(again?.changed, false);
    assert.equal((await world.store.factRevisions()).ingest, revision);
    assert.deepEqual(await rows(world), { ...before, image_risk: 9 });
  });

  test('since when a finding is there follows what it is, not how it looks', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    await world.scan(toy(1, [failedCheck('ID-001')]), world.active(), 1_000);
    assert.deepEqual((await contentOf(world, 1)).since, null);
    // More evidence of the first, and a second one.
    const more = failedCheck('ID-001', { total: 9, level: 'low' });
    await world.scan(toy(1, [more, failedCheck('ID-002')]), world.active(), 2_000);
    await world.scan(toy(1, [more, failedCheck('ID-002', { total: 4 })]), world.active(), 3_000);
    const { firstAt, since } = await contentOf(world, 1);
    assert.deepEqual([firstAt, [...(since?.values() ?? [])]], [1_000, [2_000]]);
    // One that went and came back is new.
    await world.scan(toy(1, [failedCheck('ID-002')]), world.active(), 4_000);
    await world.scan(toy(1, [more, failedCheck('ID-002')]), world.active(), 5_000);
    assert.deepEqual([...((await contentOf(world, 1)).since?.values() ?? [])].sort(), [2_000, 5_000]);
  });

  test('a scan that does not look for something leaves what is known of it', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    const all = [failedCheck('ID-001'), maliciousFile(1), sensitiveFile('pem', 'a')];
    await world.scan(toy(1, all), world.active(), 1_000);
    await world.scan({ ...toy(1, [failedCheck('ID-002')]), scanners: ['vuln', 'baseline'] }, world.active(), 2_000);
    const ids = (await reported(world, 1)).map(({ id }) => id);
    assert.deepEqual(ids, ['ID-002', 'MW-04', 'pem']);
    const { seen } = await contentOf(world, 1);
    assert.deepEqual([...(seen ?? [])].toSorted(), [
      ['malware', 1_000],
      ['secret', 1_000],
    ]);
    assert.deepEqual(
      await tallyOf(world, 1),
      counted([failedCheck('ID-002'), maliciousFile(1), sensitiveFile('pem', 'a')]),
    );
    // All were asked again: nothing of them is left.
    await world.scan({ ...toy(1, []), scanners: everything }, world.active(), 3_000);
    assert.deepEqual(await reported(world, 1), []);
    assert.equal((await contentOf(world, 1)).seen, null);
  });

  test('an image that leaves takes its findings along, those that others share stay', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    await world.scan(toy(1, [failedCheck('ID-001'), maliciousFile(1)]));
    await world.scan(toy(2, [failedCheck('ID-001')]));
    await world.store.forgetImages([await manifestOf(world, 1)]);
    assert.equal(await world.store.sweepRisks(), 1);
    const { risk, risk_set, image_risk } = await rows(world);
    assert.deepEqual([risk, risk_set, image_risk], [1, 1, 1]);
    assert.equal(await world.store.sweepRisks(), 0);
    assert.deepEqual(
      (await reported(world, 2)).map(({ id }) => id),
      ['ID-001'],
    );
    // What was swept comes again with the next image that has it.
    await world.scan(toy(3, [maliciousFile(1)]));
    assert.deepEqual(await reported(world, 3), [maliciousFile(1)]);
  });

  test('names of findings are numbers that stay', async (t) => {
    const { db } = await open(t);
    const { store } = await factsWorld(db);
    const pairs = [
      { imageId: 1, keyId: 5 },
      { imageId: 1, keyId: 6 },
      { imageId: 2, keyId: 5 },
    ];
    const ids = await store.riskIdsFor(pairs);
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(await store.riskIdsFor(pairs.toReversed()), ids.toReversed());
    assert.deepEqual(
      await store.risksByIds([...ids, 999, -1, 0.5]),
      pairs.map((pair, at) => ({ id: ids[at], ...pair })),
    );
  });

  test('documents of choices change one after the other', async (t) => {
    const { db } = await open(t);
    const { store } = await factsWorld(db);
    assert.equal(await store.choice('toy'), null);
    const add = (before: unknown): unknown => [...((before as number[] | null) ?? []), 1];
    await Promise.all([store.choose('toy', add, 1), store.choose('toy', add, 2), store.choose('toy', add, 3)]);
    assert.deepEqual(await store.choice('toy'), [1, 1, 1]);
  });
});
