import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FixOrder } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openJobWorld } from '../support/job-world.ts';

forEachDatabase('audit of scans and fixes', (open) => {
  test('every accepted change is recorded exactly once, whoever asks; what changes nothing is not', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const { scans, fixes, call, audited } = world;
    const [image] = await world.seed(1);
    assert.ok(image);
    const scan = await scans.start(call, { uuids: [image.uuid], source: 'openapi' });
    assert.ok(scan);
    assert.equal(await scans.cancel(call, scan.id), true);
    assert.equal(await scans.cancel(call, scan.id), true, 'it has ended');
    assert.equal(await scans.cancel(call, 'f'.repeat(32)), false);
    const order: FixOrder = {
      imageUuid: image.uuid,
      select: { vulnerabilities: ['CVE-2024-1'] },
      newTag: 'fixed',
      strategy: 'best-effort',
    };
    const orders = Array.from({ length: 20 }, () => fixes.order(call, [order, order], 'api'));
    const [[fix] = []] = await Promise.all(orders);
    assert.ok(fix);
    await assert.rejects(fixes.order(call, [{ ...order, newTag: '../x' }], 'api'));
    await assert.rejects(fixes.retry(call, fix.id), 'it runs');
    assert.equal(await fixes.cancel(call, fix.id), true);
    assert.equal(await fixes.cancel(call, fix.id), true, 'it has ended');
    assert.equal(await fixes.cancel(call, 'ivf-none'), false);
    const again = await fixes.retry(call, fix.id);
    await fixes.setCycle(call, { everyDays: 3 });
    await assert.rejects(fixes.setCycle(call, { everyDays: 0 }));
    assert.deepEqual(
      audited.map(({ action, object, projectId }) => [action, object, projectId]),
      [
        ['scan.start', `scan:${scan.id}`, null],
        ['scan.cancel', `scan:${scan.id}`, null],
        ['fix.order', `fix:${fix.id}`, fix.projectId],
        ['fix.cancel', `fix:${fix.id}`, fix.projectId],
        ['fix.retry', `fix:${again.id}`, again.projectId],
        ['fix.setCycle', 'fix-cycle', null],
      ],
    );
    assert.ok(audited.every(({ actor }) => actor === call.actor));
  });
});
