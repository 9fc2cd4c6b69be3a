import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPlanStore } from '../../src/adapters/sql/work/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { type FixOrder, type PlanTask, planJobFaultPoints } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type JobWorld, openJobWorld, toyFlaw } from '../support/job-world.ts';
import { until } from '../support/until.ts';

function orderFor(image: { readonly uuid: string }, change: Partial<FixOrder> = {}): FixOrder {
  const select = { vulnerabilities: [toyFlaw, 'CVE-2024-9999'] };
  return { imageUuid: image.uuid, select, strategy: 'all-or-nothing', ...change };
}

async function ended(world: JobWorld, plans: readonly PlanTask[], ms = 60_000): Promise<readonly PlanTask[]> {
  const look = () => Promise.all(plans.map(async ({ id }) => (await world.plans.get(world.call, id)) as PlanTask));
  const over = (all: readonly PlanTask[]) => all.every(({ state }) => state !== 'queued' && state !== 'running');
  return until('plans have not ended', look, over, ms);
}

forEachDatabase('fix plans', (open) => {
  test('kill -9 at every step of the making: each plan is ready once, and nothing was pushed', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const images = await world.seed(planJobFaultPoints.length + 1);
    const plans: PlanTask[] = [];
    for (const image of images) plans.push(await world.plans.order(world.call, orderFor(image)));
    const deaths = Object.fromEntries(planJobFaultPoints.map((point, n) => [`plan:${plans[n]?.id}`, point]));
    world.worker({ deaths, slots: 2 });
    for (const [n, plan] of (await ended(world, plans, 120_000)).entries()) {
      const where = `${planJobFaultPoints[n]}: ${JSON.stringify(plan.reason)}`;
      assert.deepEqual([plan.state, plan.stage, plan.stale], ['ready', 'ended', []], where);
      assert.equal((plan.expiresAt ?? 0) - (plan.finishedAt ?? 0) > 3_590_000, true, 'good for an hour');
      const result = (await world.plans.result(world.call, plan.id)) ?? assert.fail(where);
      assert.deepEqual(result.verdict, { builds: true, code: null, message: null });
      assert.deepEqual(result.totals, { requested: 2, fixed: 1, notAffected: 1, open: 0 });
      assert.deepEqual(
        result.outcomes.map(({ id, outcome, severity, packages }) => [id, outcome, severity, packages[0]?.from]),
        [
          [toyFlaw, 'fixed', 'high', '1'],
          ['CVE-2024-9999', 'not_affected', null, null],
        ],
      );
      const [upgrade] = result.upgrades;
      assert.deepEqual([upgrade?.source, upgrade?.from, upgrade?.to], ['libfoo', '1', '2']);
      assert.deepEqual(upgrade?.fixes, [toyFlaw]);
      assert.equal(result.advisories.snapshot, world.snapshot);
      assert.equal(result.target.tag, plan.order.newTag);
      assert.deepEqual([result.unchanged.layers, result.unchanged.sourceTag], [1, 'v1']);
      const repository = world.registry.repository(images[n]?.repository.path ?? '');
      assert.deepEqual([...repository.tags.keys()], ['v1'], where);
    }
    assert.equal((await readdir(join(world.directory, 'hit'))).length, planJobFaultPoints.length);
    assert.equal(world.registry.log().filter((line) => /^(PUT|POST|PATCH)/.test(line)).length, 0);
    const events = await world.events();
    assert.equal(events.filter(({ topic }) => topic === 'plan.finished').length, plans.length);
    assert.ok(events.some(({ topic, payload }) => topic === 'plan.stage' && /scanning/.test(JSON.stringify(payload))));
  });

  test('the same order is the same plan while it holds; new advisories, a moved tag and time make it old', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [image] = await world.seed(1);
    assert.ok(image);
    const order = orderFor(image);
    const first = await world.plans.order(world.call, order);
    const again = await Promise.all(Array.from({ length: 50 }, () => world.plans.order(world.call, order)));
    assert.deepEqual(new Set(again.map(({ id }) => id)), new Set([first.id]));
    assert.equal((await world.queue.list({ kind: 'plan', limit: 100 })).length, 1);
    const other = await world.plans.order(world.call, orderFor(image, { strategy: 'best-effort' }));
    assert.notEqual(other.id, first.id);
    world.worker();
    const [ready] = await ended(world, [first, other]);
    assert.equal(ready?.state, 'ready');
    assert.equal((await world.plans.order(world.call, order)).id, first.id);
    world.snapshot = 'snapshot-2';
    assert.deepEqual((await world.plans.get(world.call, first.id))?.stale, ['advisories']);
    const fresh = await world.plans.order(world.call, order);
    assert.notEqual(fresh.id, first.id, 'a stale plan is made anew');
    await ended(world, [fresh]);
    world.snapshot = 'snapshot-1';
    await world.db.kysely.updateTable('fix_plan').set({ expires_at: 1 }).where('id', '=', first.id).execute();
    assert.equal((await world.plans.get(world.call, first.id))?.state, 'expired');
    const ids = async (states: readonly PlanTask['state'][]) =>
      (await world.plans.page(world.call, { states, page: { offset: 0, limit: 10 } })).rows.map(({ id }) => id);
    assert.deepEqual(await ids(['expired']), [first.id]);
    assert.deepEqual(await ids(['ready', 'failed']), [fresh.id, other.id]);
    await world.inventory.applyTags(image.repository.id, [{ tag: 'v1', root: null, observedAt: 5_000 }], {
      source: 'poll',
      actor: null,
    });
    assert.deepEqual((await world.plans.get(world.call, fresh.id))?.stale, ['tag']);
    const store = createPlanStore({ ...world, clock: systemClock, imagesById: world.inventory.imagesById });
    assert.equal(await store.prune(Date.now() + 1), 3);
    assert.equal(await world.plans.get(world.call, first.id), null);
  });

  test('strangers see none of it; called off before it begins and lost workers end it with a reason', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const images = await world.seed(3);
    const [a, b, c] = await Promise.all(images.map((image) => world.plans.order(world.call, orderFor(image))));
    assert.ok(a && b && c);
    const stranger = { ...world.call, projects: [2] };
    assert.equal(await world.plans.get(stranger, a.id), null);
    assert.equal(await world.plans.result(stranger, a.id), null);
    assert.equal(await world.plans.cancel(stranger, a.id), false);
    assert.equal((await world.plans.page(stranger, { page: { offset: 0, limit: 9 } })).total, 0);
    assert.equal(await world.plans.cancel(world.call, a.id), true);
    const off = await world.plans.get(world.call, a.id);
    assert.deepEqual([off?.state, off?.stage, off?.reason?.code], ['cancelled', 'ended', 'cancelled']);
    const page = await world.plans.page(world.call, { page: { after: null, limit: 2 } });
    const rest = await world.plans.page(world.call, { page: { after: page.next, limit: 2 } });
    assert.deepEqual([page.total, page.rows.length, rest.rows.length, rest.next], [3, 2, 1, null]);
    // A worker that dies at every attempt.
    await world.db.kysely.updateTable('job').set({ attempts: 3, max_attempts: 3 }).where('kind', '=', 'plan').execute();
    const claimed = await world.queue.claim('gone', ['interactive'], 1);
    assert.ok(claimed);
    await until(
      'the lost job has not ended',
      async () => {
        await world.queue.claim('other', ['interactive'], 1);
        return Promise.all([b, c].map(async ({ id }) => world.plans.get(world.call, id)));
      },
      (plans) => plans.some((plan) => plan?.state === 'failed'),
      20_000,
    );
    const failed = (await world.plans.page(world.call, { states: ['failed'], page: { offset: 0, limit: 9 } })).rows;
    assert.equal(failed[0]?.reason?.code, 'worker_lost');
  });

  test('a registry that is away is tried again, then the plan fails with the reason', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [image] = await world.seed(1);
    assert.ok(image);
    const plan = await world.plans.order(world.call, orderFor(image));
    await world.db.kysely.updateTable('job').set({ max_attempts: 1 }).where('kind', '=', 'plan').execute();
    await world.registry.close();
    world.worker();
    const [failed] = await ended(world, [plan]);
    assert.equal(failed?.state, 'failed');
    assert.match(failed?.reason?.code ?? '', /^unavailable$/);
    assert.equal(await world.plans.result(world.call, plan.id), null);
  });
});
