import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findManifest } from '../../src/adapters/sql/findings/images.ts';
import { forEachDatabase } from '../support/databases.ts';
import { crashImages, crashSnapshot } from '../support/facts-crash.ts';
import { factsWorld, toyDigest } from '../support/facts-world.ts';
import { naiveCounts } from '../support/naive-findings.ts';

const child = fileURLToPath(new URL('../support/facts-child.ts', import.meta.url));

/** Starts scanning in a process of its own and kills it some time after it began. */
async function killed(target: unknown, seed: number, afterMs: number): Promise<void> {
  const process_ = spawn(process.execPath, [child, JSON.stringify(target), String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<string | null>((resolve) => {
    process_.once('exit', (_code, signal) => resolve(signal));
  });
  await new Promise((resolve) => {
    process_.stdout.once('data', resolve);
    process_.once('exit', resolve);
  });
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  process_.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL', 'the process ended by itself');
}

forEachDatabase('killed workers', (open) => {
  test('leave nothing but facts that can be used again', { timeout: 400_000 }, async (t) => {
    const { db, target } = await open(t);
    const world = await factsWorld(db);
    for (const { number } of crashImages(0)) await world.addImage(number);
    for (let round = 1; round <= 6; round++) {
      await killed(target, round * 1_000, 20 + 70 * round);
      // At any moment: what counts as counted is counted right, and no image shows half of a scan.
      const check = await world.store.checkCounts();
      assert.deepEqual(check.differences, []);
      for (const image of crashImages(0)) {
        const id = (await findManifest(db.kysely, toyDigest(image.number))) ?? assert.fail();
        const view = await world.store.image(id);
        if (view !== null) assert.equal(view.packages.length, 32);
      }
    }
    const last = crashSnapshot(99);
    world.activate(last);
    for (const image of crashImages(99)) await world.scan(image);
    await world.rematch();
    await world.recountAll();
    for (const image of crashImages(99)) {
      const id = (await findManifest(db.kysely, toyDigest(image.number))) ?? assert.fail();
      const { cve, sca, kev, vulnerabilities } = (await world.store.image(id))?.tally ?? assert.fail();
      assert.deepEqual({ cve, sca, kev, vulnerabilities }, naiveCounts(image, last));
    }
  });
});
