import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ExportSpec } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { ExportChildInput } from '../support/export-child.ts';
import { callOf, exportWorld } from '../support/export-world.ts';
import { fakeRowSources } from '../support/fake-row-sources.ts';
import { run } from '../support/run.ts';

const child = fileURLToPath(new URL('../support/export-child.ts', import.meta.url));
const mine = callOf([1]);

/** Every transition of a production, in front of it and behind it. */
const deaths = [
  'begin:1:before',
  'begin:1',
  'checkpoint:1:before',
  'checkpoint:1',
  'checkpoint:2',
  'seal:1:before',
  'seal:1',
  'writeManifest:1',
  'succeed:1:before',
  'succeed:1',
];

forEachDatabase('killed exports', (open) => {
  for (const format of ['csv', 'huawei-zip'] as const) {
    test(`${format}: killed at every transition one after the other, it ends once, with the same bytes`, async (t) => {
      const { db, target } = await open(t);
      const rows = format === 'csv' ? 300_000 : 2_000_100;
      const columns = format === 'csv' ? {} : { columns: ['image_id', 'vul_id'] };
      const spec: ExportSpec = { subject: 'findings', grain: 'finding', format, bom: true, ...columns };
      const world = await exportWorld(t, db, fakeRowSources({ rows, blockRows: 4000 }));
      const whole = await world.service.order(mine, spec);
      const killed = await world.service.order(mine, spec);
      await until(async () => (await world.store.get({ id: killed.id }))?.pinned === true);
      const start = (exportId: string, fence: number, death: string | null) => {
        const input: ExportChildInput = { target, folder: world.folder, exportId, fence, death };
        return run(process.execPath, [child, JSON.stringify(input)]);
      };
      // An archive stops only between its parts: there is one more place left.
      const places = deaths.map((death) => (format === 'csv' || death !== 'checkpoint:2' ? death : 'checkpoint:1'));
      for (const [index, death] of places.entries()) {
        const { signal, stderr } = await start(killed.id, index + 1, death);
        assert.equal(signal, 'SIGKILL', `${death}: ${stderr}`);
      }
      const last = await start(killed.id, 99, null);
      assert.equal(last.code, 0, last.stderr);
      assert.equal((await start(whole.id, 1, null)).code, 0);
      const [a, b] = [await world.service.get(mine, whole.id), await world.service.get(mine, killed.id)];
      assert.deepEqual([a?.state, b?.state, b?.rowsDone], ['success', 'success', rows]);
      const parts = async (id: string): Promise<unknown> =>
        ((await world.files.readManifest(id)) as { parts: unknown }).parts;
      assert.deepEqual(await parts(killed.id), await parts(whole.id));
      // The archive names its task inside, so only flat files of two exports are alike.
      if (format === 'csv') assert.equal(a?.sha256, b?.sha256);
      else assert.equal((await run('unzip', ['-tqq', join(world.folder, killed.id, 'file')])).code, 0);
      assert.equal(existsSync(join(world.folder, killed.id, 'rows')), false);
    });
  }
});

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('the rows were not pinned');
}
