import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { inventoryWorld } from './inventory-world.ts';

/**
 * `node sync-worker-child.ts TARGET LEASE-MS`: works on the jobs of a store until none is left, then prints how they
 * ended and the most memory that was resident, as one line of JSON. Meant to be killed.
 */
const [target = '{}', leaseMs = '2000'] = process.argv.slice(2);
const world = await inventoryWorld(JSON.parse(target), { leaseMs: Number(leaseMs) });
const endings: string[] = [];
// Jobs of a killed worker come back when their lease has run out.
for (;;) {
  endings.push(...(await world.work()));
  if ((await world.queue.list({ states: ['queued', 'running'], limit: 1 })).length === 0) break;
  await delay(100);
}
await world.close();
process.stdout.write(`${JSON.stringify({ endings, maxRss: process.resourceUsage().maxRSS * 1024 })}\n`);
