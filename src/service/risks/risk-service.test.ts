import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callFor, estateServices } from '../../../test/support/estate-services.ts';
import { seeded } from '../../../test/support/random.ts';
import { allRisks, type NaiveRisk, RiskWorld } from '../../../test/support/risk-world.ts';
import { type Filter, kindOfRisk, riskKinds } from '../../findings/index.ts';
import type { Page, RiskHit, RiskKind, RiskStatus } from '../contract/index.ts';

const all = { offset: 0, limit: 1_000 };

const statusOf = ({ rule }: NaiveRisk): RiskStatus => (rule === null ? 'open' : (rule.verdict ?? 'whitelisted'));
const isOpen = (risk: NaiveRisk): boolean => ['open', 'verifying'].includes(statusOf(risk));

/** Findings of current images that a caller may see. */
function visible(world: RiskWorld, projects: 'all' | readonly number[], kind: RiskKind): NaiveRisk[] {
  return allRisks(world).filter(
    ({ image, repository, finding }) =>
      image.until === null &&
      kindOfRisk(finding) === kind &&
      (projects === 'all' || projects.includes(repository.projectId)),
  );
}

for (let seed = 1; seed <= 6; seed++) {
  test(`lists, groups and numbers of risks are those of plain loops (seed ${seed})`, async () => {
    const world = new RiskWorld(seeded(seed));
    const { risks, images } = estateServices(world);
    for (let round = 0; round < 4; round++) {
      for (let changes = 0; changes < 6; changes++) world.change();
      for (const projects of ['all', [1, 2], []] as const) {
        const call = callFor(projects);
        const counts = await risks.counts(call, undefined);
        const sums = await images.securityCounts(call, undefined, null);
        for (const kind of riskKinds) {
          const wanted = visible(world, projects, kind);
          const counted = wanted.filter((risk) => risk.counted);
          const open = counted.filter(isOpen);
          const { high, medium, low, total } = counts[kind];
          const levels = [0, 1, 2].map((level) => open.filter((risk) => risk.level === level).length);
          assert.deepEqual([high, medium, low, total], [...levels, open.length]);
          assert.equal(counts.handled[kind], counted.length - open.length);
          if (kind === 'baseline' || kind === 'malicious') assert.equal(sums[kind], counted.length);

          const hits = await risks.hits(call, { kind, page: all });
          const nameOf = (uuid: string, id: string, path: string, status: RiskStatus): string =>
            [uuid, id, path, status].join();
          const pathOf = (finding: RiskHit['finding']): string => (finding.kind === 'baseline' ? '' : finding.path);
          assert.deepEqual(
            hits.rows.map((hit) => nameOf(hit.image.uuid, hit.finding.id, pathOf(hit.finding), hit.status)).sort(),
            wanted.map((risk) => nameOf(risk.image.uuid, risk.finding.id, pathOf(risk.finding), statusOf(risk))).sort(),
          );
          assert.ok(hits.rows.every((hit, at) => at === 0 || rank(hit) >= rank(hits.rows[at - 1] as RiskHit)));

          const groups = await risks.groups(call, { kind, by: 'rule', page: all });
          const byKey = Map.groupBy(counted, ({ finding }) => keyOf(finding));
          assert.deepEqual(
            groups.rows
              .map(({ key, images: own, openImages, hits: found, firstSeen }) => [
                ...[key, own.total, openImages, found.total, firstSeen],
              ])
              .sort(),
            [...byKey]
              .map(([key, own]) => [
                ...[key, distinct(own).size, distinct(own.filter(isOpen)).size, own.length],
                Math.min(...own.map(({ firstSeen }) => firstSeen)),
              ])
              .sort(),
          );

          const found = await risks.images(call, { kind, statuses: ['open'], page: all });
          const withOpen = distinct(counted.filter((risk) => statusOf(risk) === 'open'));
          assert.deepEqual(new Set(found.rows.map(({ image }) => image.uuid)), withOpen);
        }
      }
    }
  });
}

function rank({ level, kind }: RiskHit): number {
  return (kind === 'malicious' ? ['serious', 'suspicious', 'remind'] : ['high', 'medium', 'low']).indexOf(level);
}

function keyOf(finding: RiskHit['finding']): string {
  if (finding.kind === 'baseline') return finding.item;
  return finding.kind === 'malicious' ? (finding.md5 ?? '') : finding.id;
}

function distinct(risks: readonly NaiveRisk[]): Set<string> {
  return new Set(risks.map(({ image }) => image.uuid));
}

test('pages follow each other, and names lead back', async () => {
  const world = new RiskWorld(seeded(9));
  const { risks } = estateServices(world);
  const call = callFor('all');
  for (const kind of riskKinds) {
    const whole = await risks.hits(call, { kind, page: all });
    const seen: number[] = [];
    for (let after: string | null = null, first = true; first || after !== null; first = false) {
      const page: Page<RiskHit> = await risks.hits(call, { kind, page: { after, limit: 3 } });
      assert.equal(page.total, whole.total);
      seen.push(...page.rows.map(({ id }) => id));
      after = page.next;
    }
    assert.deepEqual(
      seen,
      whole.rows.map(({ id }) => id),
    );
    const back = await risks.hitsByIds(call, seen);
    assert.deepEqual(
      back.map(({ id }) => id),
      seen,
    );
    assert.deepEqual(await risks.hitsByIds(callFor([]), seen), []);
  }
  await assert.rejects(risks.hits(call, { kind: 'baseline', page: { after: 'x', limit: 3 } }), /belongs to no list/);
});

test('members of a query narrow a list', async () => {
  const world = new RiskWorld(seeded(4));
  for (const { manifestId } of world.images) world.detectAll(manifestId);
  const { risks } = estateServices(world);
  const call = callFor('all');
  const ids = async (query: Omit<Parameters<typeof risks.hits>[1], 'page'>): Promise<string[]> => [
    ...new Set((await risks.hits(call, { ...query, page: all })).rows.map(({ finding }) => finding.id)),
  ];
  assert.deepEqual(await ids({ kind: 'baseline', rules: ['item_ID-002'] }), ['ID-002']);
  assert.deepEqual(await ids({ kind: 'baseline', rules: ['ID-002'] }), ['ID-002']);
  assert.deepEqual(await ids({ kind: 'baseline', names: ['ssh_config'] }), ['SH-001']);
  assert.deepEqual(await ids({ kind: 'baseline', classes: ['access_control'] }), ['SH-001']);
  assert.deepEqual(await ids({ kind: 'baseline', levels: ['medium'] }), ['ID-002']);
  assert.deepEqual(await ids({ kind: 'baseline', title: { of: 'class', contains: '访问控制' } }), ['SH-001']);
  assert.deepEqual(await ids({ kind: 'sensitive', title: { of: 'rule', contains: 'NPM' } }), ['npm_token']);
  const one = await risks.hits(call, { kind: 'malicious', md5: ['2'.padStart(32, '0')], page: all });
  assert.ok(
    one.rows.length > 0 && one.rows.every(({ finding }) => finding.kind === 'malicious' && /\/a$/.test(finding.path)),
  );
  assert.deepEqual(await ids({ kind: 'malicious', md5: ['2'.padStart(32, '0')], layers: ['sha256:other'] }), []);
});

test('filters of images know risks', async () => {
  const world = new RiskWorld(seeded(5));
  for (let changes = 0; changes < 10; changes++) world.change();
  const { images } = estateServices(world);
  const current = world.images.filter(({ until }) => until === null);
  const open = allRisks(world).filter((risk) => risk.counted && isOpen(risk));
  const uuids = async (filter: Filter): Promise<Set<string>> =>
    new Set((await images.page(callFor('all'), { filter, page: all })).rows.map(({ uuid }) => uuid));
  const holding = (wanted: (risk: NaiveRisk) => boolean): Set<string> => {
    const having = distinct(open.filter(wanted));
    return new Set(current.map(({ uuid }) => uuid).filter((uuid) => having.has(uuid)));
  };
  const flags = {
    'image.hasBaseline': 'baseline',
    'image.hasInstruction': 'instruction',
    'image.hasAlarm': 'malicious',
    'image.hasSensitive': 'sensitive',
  } as const;
  for (const [field, kind] of Object.entries(flags)) {
    const wanted = holding(({ finding }) => kindOfRisk(finding) === kind);
    assert.deepEqual(await uuids({ field: field as keyof typeof flags, op: 'is', value: true }), wanted);
    const numbers = await uuids({ field: `image.${kind}`, op: 'ge', values: [1] });
    assert.deepEqual(numbers, wanted);
  }
  assert.deepEqual(
    await uuids({ field: 'risk', op: 'in', values: ['pem'] }),
    holding(({ finding }) => finding.id === 'pem'),
  );
  assert.deepEqual(
    await uuids({ field: 'risk', op: 'prefix', values: ['ID-'] }),
    holding(({ finding }) => finding.id.startsWith('ID-')),
  );
});
