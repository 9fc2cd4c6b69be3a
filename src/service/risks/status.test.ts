import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callFor, estateServices } from '../../../test/support/estate-services.ts';
import { seeded } from '../../../test/support/random.ts';
import { allRisks, RiskWorld } from '../../../test/support/risk-world.ts';
import { coversRisk, kindOfRisk, riskFacts } from '../../findings/index.ts';
import type { NewDecision, RiskHit, RiskKind, RiskServiceDeps, RiskStatusChange } from '../index.ts';
import { riskImpact } from './impact.ts';

const all = { offset: 0, limit: 1_000 };
const everyone = callFor('all');

/** A world in which every image has every finding and nothing is decided yet; decisions are those of its rules. */
function decidingWorld(seed: number) {
  const world = new RiskWorld(seeded(seed));
  for (const { manifestId } of world.images) world.detectAll(manifestId);
  world.rules.length = 0;
  let last = 0;
  const decisions: RiskServiceDeps['decisions'] = {
    async add(call, { source: _source, title: _title, ...decision }) {
      const rule = { ...decision, id: ++last, by: call.actor.name, createdAt: 0 };
      world.rules.push(rule as (typeof world.rules)[number]);
      world.revisions.rules++;
      return { ...decision, id: last, author: call.actor.name } as never;
    },
    async revoke(_call, ids) {
      const kept = world.rules.filter(({ id }) => !ids.includes(id));
      const ended = world.rules.length - kept.length;
      world.rules.splice(0, world.rules.length, ...kept);
      world.revisions.rules++;
      return ended;
    },
    async page(_call, { kind }) {
      const rows = world.rules.filter((rule) => rule.kind === kind).map(({ by, ...rule }) => ({ ...rule, author: by }));
      return { rows: rows as never, total: rows.length, totalIsBound: false, next: null };
    },
  };
  const services = estateServices(world, decisions);
  const { risks } = services;
  const set = (change: Partial<RiskStatusChange>, call = everyone) =>
    risks.setStatus(call, {
      ...{ kind: 'baseline', status: 'whitelisted', rules: [], reason: 'because', source: 'test' },
      ...change,
    });
  const hits = async (kind: RiskKind, id: string): Promise<readonly RiskHit[]> =>
    (await risks.hits(everyone, { kind, rules: [id], page: all })).rows;
  const statuses = async (kind: RiskKind, id: string) =>
    new Map((await hits(kind, id)).map(({ image, status }) => [image.uuid, status]));
  return { world, services, risks, set, hits, statuses, decisions };
}

test('a rule is decided everywhere, then otherwise, then opened again', async () => {
  const { set, statuses, world } = decidingWorld(11);
  const [first] = await set({ rules: ['ID-002'] });
  assert.deepEqual(new Set((await statuses('baseline', 'ID-002')).values()), new Set(['whitelisted']));
  assert.deepEqual(new Set((await statuses('baseline', 'ID-001')).values()), new Set(['open']));
  // What was decided before would speak on: it is taken back.
  const [second] = await set({ rules: ['ID-002'], status: 'false_positive' });
  assert.deepEqual(
    world.rules.map(({ id, verdict, reason }) => [id, verdict, reason]),
    [[second, 'false_positive', 'because']],
  );
  assert.notEqual(first, second);
  assert.deepEqual(await set({ rules: ['ID-002'], status: 'open' }), [second]);
  assert.deepEqual(world.rules, []);
  assert.deepEqual(await set({ rules: ['ID-002'], status: 'open' }), []);
});

test('a check is the same by its id and by its item', async () => {
  const { set, world } = decidingWorld(12);
  await set({ rules: ['ID-004', 'ID-001'] });
  await set({ rules: ['duplicate_uid'], status: 'open' });
  assert.deepEqual(
    world.rules.map(({ vulnerabilities }) => vulnerabilities),
    [['ID-001']],
  );
});

test('hits are decided in their images; the rest of a decision stays when a part is taken back', async () => {
  const { set, hits, statuses, world, risks } = decidingWorld(13);
  const [one, two, ...others] = await hits('sensitive', 'npm_token');
  assert.ok(one !== undefined && two !== undefined && others.length > 0);
  await set({ kind: 'sensitive', ids: [one.id, two.id] });
  const decided = async () =>
    [...(await statuses('sensitive', 'npm_token'))].filter(([, status]) => status !== 'open').map(([uuid]) => uuid);
  assert.deepEqual((await decided()).toSorted(), [one.image.uuid, two.image.uuid].toSorted());
  assert.equal(world.rules.length, 1);
  await set({ kind: 'sensitive', ids: [one.id], status: 'open' });
  assert.deepEqual(await decided(), [two.image.uuid]);
  assert.deepEqual(
    world.rules.map(({ reason, verdict, scope }) => [reason, verdict, scope]),
    [['because', 'whitelisted', { kind: 'images', uuids: [two.image.uuid] }]],
  );
  const [shell] = (await risks.hits(everyone, { kind: 'malicious', levels: ['serious'], page: all })).rows;
  assert.ok(shell?.finding.kind === 'malicious');
  await set({ kind: 'malicious', ids: [shell.id], status: 'handled' });
  assert.deepEqual(world.rules.at(-1)?.vulnerabilities, [`sha256:${shell.finding.sha256}`]);
  assert.equal((await risks.hitsByIds(everyone, [shell.id]))[0]?.status, 'handled');
});

test('of a decision on several rules the others stay; those with conditions and wider ones are left alone', async () => {
  const { set, hits, world, decisions } = decidingWorld(14);
  const uuid = (await hits('sensitive', 'pem'))[0]?.image.uuid ?? '';
  const decide = (over: Partial<NewDecision>) =>
    decisions.add(everyone, {
      ...{ kind: 'sensitive', vulnerabilities: ['pem', 'npm_token'], findingKind: null, scope: { kind: 'global' } },
      ...{ projectId: null, reason: 'r', source: 's', title: null, expiresAt: null, expiresWhen: 'none' },
      ...over,
    } as NewDecision);
  await decide({});
  await decide({ conditions: [{ field: 'path', op: 'prefix', value: '/srv' }] });
  await decide({ scope: { kind: 'repositories', paths: ['a/b'] } });
  const named = () => world.rules.map(({ vulnerabilities }) => vulnerabilities.join());
  // One image was never decided by itself: what holds everywhere goes on.
  assert.deepEqual(await set({ kind: 'sensitive', rules: ['pem'], uuids: [uuid], status: 'open' }), []);
  assert.deepEqual(await set({ kind: 'sensitive', rules: ['pem'], status: 'open' }), [1]);
  assert.deepEqual(named(), ['pem,npm_token', 'pem,npm_token', 'npm_token']);
});

test('orders that mean nothing, or what others own, are refused before anything changes', async () => {
  const { set, hits, world } = decidingWorld(15);
  const [pem] = await hits('sensitive', 'pem');
  assert.ok(pem !== undefined);
  const refused = async (change: Partial<RiskStatusChange>, field: string, call = everyone) => {
    await assert.rejects(set(change, call), { code: 'invalid_field', field });
    assert.deepEqual(world.rules, []);
  };
  await refused({}, 'rules');
  await refused({ rules: ['ID-001'], uuids: [] }, 'uuids');
  await refused({ rules: ['ID-001'], uuids: ['none'] }, 'uuids');
  await refused({ ids: [99_999] }, 'ids');
  await refused({ ids: [pem.id] }, 'ids');
  await refused({ kind: 'sensitive', ids: [pem.id] }, 'ids', callFor([]));
  await refused({ kind: 'sensitive', rules: ['pem'], uuids: [pem.image.uuid] }, 'uuids', callFor([]));
});

test('who has some projects decides for these', async () => {
  const { set, hits, world } = decidingWorld(16);
  await set({ rules: ['ID-001'] }, callFor([1, 2]));
  assert.deepEqual(
    world.rules.map(({ projectId }) => projectId),
    [1, 2],
  );
  world.rules.length = 0;
  const [pem] = await hits('sensitive', 'pem');
  assert.ok(pem !== undefined);
  const own = pem.image.repository.projectId;
  await set({ kind: 'sensitive', ids: [pem.id] }, callFor([own, 99]));
  assert.deepEqual(
    world.rules.map(({ projectId }) => projectId),
    [own],
  );
});

test('what a decision would cover is counted as plain loops count it', async () => {
  const { world, services } = decidingWorld(17);
  const [image] = world.images.filter(({ until }) => until === null);
  const cases: readonly Partial<NewDecision>[] = [
    { kind: 'baseline', vulnerabilities: ['ID-001', 'item_ID-002'] },
    { kind: 'instruction', vulnerabilities: ['IC-009'] },
    { kind: 'malicious', vulnerabilities: ['rule:toy_shell'] },
    { kind: 'malicious', vulnerabilities: [`md5:${'2'.padStart(32, '0')}`] },
    { kind: 'sensitive', vulnerabilities: [], conditions: [{ field: 'path', op: 'prefix', value: '/srv' }] },
    { kind: 'sensitive', vulnerabilities: ['pem'], scope: { kind: 'images', uuids: [image?.uuid ?? ''] } },
  ];
  for (const projects of ['all', [2]] as const) {
    for (const given of cases) {
      const decision = { scope: { kind: 'global' }, ...given } as NewDecision;
      const covered = allRisks(world).filter(
        ({ image: { until, uuid }, repository, counted, finding }) =>
          until === null &&
          counted &&
          (projects === 'all' || projects.some((id) => id === repository.projectId)) &&
          (decision.scope.kind !== 'images' || decision.scope.uuids.includes(uuid)) &&
          coversRisk(decision, {
            ...{ kind: kindOfRisk(finding), head: JSON.parse(riskFacts(finding).head) },
            ...{ path: riskFacts(finding).path, md5: riskFacts(finding).md5, sha256: riskFacts(finding).sha256 },
          }),
      );
      assert.deepEqual(await riskImpact(services.queries, callFor(projects), decision), {
        findings: covered.length,
        images: new Set(covered.map(({ image: { uuid } }) => uuid)).size,
      });
    }
  }
});
