import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FixTask } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { JobChildInput } from '../support/job-child.ts';
import { type JobWorld, openJobWorld, toyFlaw } from '../support/job-world.ts';
import { until } from '../support/until.ts';

const loop = fileURLToPath(new URL('../support/job-loop.ts', import.meta.url));

/** A worker on "another node"; whatever becomes of the test, it is ended. */
function startNode(t: TestContext, world: JobWorld, input: Partial<JobChildInput>): ChildProcess {
  const full: JobChildInput = { target: world.target, directory: world.directory, deaths: {}, ...input };
  const node = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', loop, JSON.stringify(full)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => node.kill('SIGKILL'));
  return node;
}

/** Ids of the processes that came by their fault points. */
async function hits(world: JobWorld): Promise<number[]> {
  const folder = join(world.directory, 'hit');
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map(async (name) => Number(await readFile(join(folder, name), 'utf8'))));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function orderOne(world: JobWorld): Promise<FixTask> {
  const [image] = await world.seed(1);
  const [task] = await world.fixes.order(
    world.call,
    [
      {
        imageUuid: image?.uuid ?? '',
        select: { vulnerabilities: [toyFlaw] },
        newTag: 'fixed',
        strategy: 'all-or-nothing',
      },
    ],
    'api',
  );
  assert.ok(task);
  return task;
}

const status = (world: JobWorld, task: FixTask) => async () => (await world.fixes.get(world.call, task.id))?.status;
const tagWrites = (world: JobWorld): number =>
  world.registry.log().filter((line) => line === 'PUT /v2/team/app-0/manifests/fixed').length;

forEachDatabase('lost workers', (open) => {
  for (const point of ['pushing>verifying:after', 'tag-moved:before']) {
    test(`a worker that was paused past its lease at ${point} is fenced off when it wakes up`, async (t) => {
      await using world = await openJobWorld(t, await open(t));
      const task = await orderOne(world);
      const node = startNode(t, world, { pauses: { [`fix:${task.id}`]: point } });
      const [pid = 0] = await until(
        'nothing was paused',
        () => hits(world),
        (pids) => pids.length > 0,
        60_000,
      );
      // The whole worker sleeps: neither heartbeats nor work.
      node.kill('SIGSTOP');
      t.after(() => isAlive(pid) && process.kill(pid, 'SIGKILL'));
      await sleep(5_500);
      world.worker();
      await until('nobody took over', status(world, task), (now) => now === 'success', 60_000);
      const before = { tags: tagWrites(world), events: (await world.events()).length };
      assert.equal(before.tags, 1);
      process.kill(pid, 'SIGCONT');
      node.kill('SIGCONT');
      await sleep(3_000);
      assert.equal(tagWrites(world), before.tags, 'it moved no tag');
      assert.equal((await world.events()).length, before.events, 'it told nothing');
      assert.equal(await status(world, task)(), 'success');
      const jobs = await world.queue.list({ kind: 'fix', limit: 10 });
      assert.deepEqual(
        jobs.map(({ state, fence }) => [state, fence]),
        [['succeeded', 2]],
      );
    });
  }

  test('kill -9 of a whole worker: its job process ends too, another worker finishes within seconds', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const task = await orderOne(world);
    const node = startNode(t, world, { pauses: { [`fix:${task.id}`]: 'fetching>building:after' } });
    const [pid = 0] = await until(
      'nothing was paused',
      () => hits(world),
      (pids) => pids.length > 0,
      60_000,
    );
    node.kill('SIGKILL');
    await once(node, 'exit');
    process.kill(pid, 'SIGCONT');
    const lostAt = performance.now();
    world.worker();
    await until(
      'the job process outlives its worker',
      () => isAlive(pid),
      (alive) => !alive,
      60_000,
    );
    await until('nobody took over', status(world, task), (now) => now === 'success', 60_000);
    const took = Math.round(performance.now() - lostAt);
    t.diagnostic(`taken over and finished ${took} ms after the loss, with leases of 5 s`);
    assert.ok(took < 60_000);
    assert.equal(tagWrites(world), 1);
  });
});
