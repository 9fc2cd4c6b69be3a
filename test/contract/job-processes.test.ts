import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultPoints } from '../../src/fix/index.ts';
import type { Job } from '../../src/jobs/index.ts';
import { type FixTask, fixJobFaultPoints, scanFaultPoints } from '../../src/service/index.ts';
import { forEachDatabase, type OpenStore } from '../support/databases.ts';
import { type JobWorld, openJobWorld, toyFlaw } from '../support/job-world.ts';
import { until } from '../support/until.ts';

/** Every point of the engine that a fix which succeeds comes by; two by two, before and after a step. */
const enginePoints = faultPoints().filter((point) => !point.includes('>failed') && !point.includes('>cancelled'));

/**
 * Every point of the job, where the stores are written, and of the engine one of each two: the other one is met on the
 * other database. `DRYDOCK_TEST_ALL=1` meets all of them on both.
 */
function fixPointsOn(engine: OpenStore['engine']): readonly string[] {
  const turn = engine === 'sqlite' ? 0 : 1;
  const met = (_: string, n: number): boolean => (n + Math.floor(n / 2)) % 2 === turn;
  const all = process.env.DRYDOCK_TEST_ALL !== undefined;
  return [...(all ? enginePoints : enginePoints.filter(met)), ...fixJobFaultPoints];
}

function ordered(world: JobWorld, images: readonly { uuid: string }[]): Promise<readonly FixTask[]> {
  return world.fixes.order(
    world.call,
    images.map(({ uuid }) => ({
      imageUuid: uuid,
      select: { vulnerabilities: [toyFlaw] },
      newTag: 'fixed',
      strategy: 'all-or-nothing' as const,
    })),
    'api',
  );
}

async function ended(world: JobWorld, tasks: readonly FixTask[], ms: number): Promise<readonly FixTask[]> {
  const look = () => Promise.all(tasks.map(async ({ id }) => (await world.fixes.get(world.call, id)) as FixTask));
  return until('fixes have not ended', look, (all) => all.every(({ status }) => status !== 'running'), ms);
}

/** How many processes died; each leaves a mark before. */
async function deathsOf(world: JobWorld): Promise<number> {
  return (await readdir(join(world.directory, 'hit'))).length;
}

async function noneRuns(world: JobWorld): Promise<void> {
  const look = (): Promise<readonly Job[]> => world.queue.list({ states: ['queued', 'running'], limit: 100 });
  await until('jobs are stuck', look, (jobs) => jobs.length === 0, 60_000);
}

forEachDatabase('job processes', (open) => {
  test('kill -9 at every transition of a scan: each ends once, with its result', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const images = await world.seed(scanFaultPoints.length + 1);
    const deaths = Object.fromEntries(scanFaultPoints.map((point, n) => [`scan:${images[n]?.manifestId}`, point]));
    const task = await world.scans.start(world.call, { uuids: images.map(({ uuid }) => uuid), source: 'api' });
    assert.ok(task);
    assert.equal(task.total, images.length);
    world.worker({ deaths });
    const done = await until(
      'the task has not finished',
      () => world.scans.get(world.call, task.id),
      (now) => now?.state === 'finished',
      240_000,
    );
    const { rows } = await world.scans.items(world.call, { taskId: task.id, page: { offset: 0, limit: 100 } });
    assert.deepEqual(
      [done?.finished, done?.failed],
      [images.length, 0],
      JSON.stringify(rows.map(({ reason }) => reason)),
    );
    assert.ok(rows.every(({ state, finishedAt }) => state === 'matched' && finishedAt !== null));
    assert.equal(await deathsOf(world), scanFaultPoints.length, 'every death happened');
    await noneRuns(world);
    const events = await world.events();
    assert.equal(events.filter(({ topic }) => topic === 'scan.finished').length, 1);
    assert.equal(events.filter(({ topic }) => topic === 'image.scanned').length, images.length);
  });

  test('kill -9 at every transition of a fix: each ends once, proven, tagged once, with lineage', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const fixPoints = fixPointsOn(open.engine);
    const images = await world.seed(fixPoints.length);
    const tasks = await ordered(world, images);
    const deaths = Object.fromEntries(tasks.map(({ id }, n) => [`fix:${id}`, fixPoints[n] ?? '']));
    world.worker({ deaths, slots: 3 });
    const all = await ended(world, tasks, 480_000);
    for (const [n, task] of all.entries()) {
      const where = `${fixPoints[n]}: ${JSON.stringify(task.reason)}`;
      assert.deepEqual([task.status, task.stage], ['success', 'promoted'], where);
      const repository = world.registry.repository(images[n]?.repository.path ?? '');
      const [fixed] = await world.inventory.imagesByUuid([task.newImageUuid ?? '']);
      assert.equal(fixed?.digest, repository.tags.get('fixed'), where);
      assert.equal(fixed?.fixedFrom, images[n]?.uuid, where);
      assert.equal(fixed?.scan.state, 'matched', where);
      const path = `/v2/${images[n]?.repository.path}/manifests/fixed`;
      assert.equal(world.registry.log().filter((line) => line === `PUT ${path}`).length, 1, `tagged once: ${where}`);
      const report = (await world.fixes.report(world.call, task.id)) as { task: { id: string; status: string } };
      assert.deepEqual([report.task.id, report.task.status], [task.id, 'success']);
    }
    assert.equal(await deathsOf(world), fixPoints.length, 'every death happened');
    await noneRuns(world);
    const finished = (await world.events()).filter(({ topic }) => topic === 'fix.finished');
    assert.equal(finished.length, tasks.length, 'one event for each');
    // Blobs are uploaded side by side: a kill may cut the other one off, and only the registry can purge such a session.
    const cutOff = fixPoints.filter((point) => /push|blob/.test(point)).length;
    assert.ok(world.registry.pendingUploads() <= cutOff, `${world.registry.pendingUploads()} uploads left open`);
  });
});
