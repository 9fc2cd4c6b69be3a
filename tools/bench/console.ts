/**
 * The console in a real browser over the synthetic estate: `npm run console && npm run bench -- console`. First load on a slow
 * machine and a slow line, long lists, how late progress is seen, and large exports (product.md §5.3). DRYDOCK_BENCH_ESTATE
 * names a database to copy, DRYDOCK_BENCH_SCALE makes the estate smaller, DRYDOCK_BENCH_PARTS chooses parts: load, lists,
 * progress, exports.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../test/arch/source-tree.ts';
import { browserMissing, openBrowser, signIn, watchedPage } from '../../test/console/support/browser.ts';
import { needsBuiltConsole } from '../../test/console/support/built-console.ts';
import { nativeClient } from '../../test/support/service.ts';
import { until } from '../../test/support/until.ts';
import { largeExport } from './console/exports.ts';
import { firstLoads } from './console/first-load.ts';
import { longLists } from './console/lists.ts';
import { progressLag } from './console/progress.ts';
import { crowdFirstImage } from './parts/crowded-image.ts';
import { estateDirectory, scale, started } from './parts/estate-service.ts';

const person = { name: 'bench', password: 'looks-at-the-console-1' };
const minutes = 60_000;
const parts = (process.env.DRYDOCK_BENCH_PARTS ?? 'load,lists,progress,exports').split(',');
const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');

async function overEstate(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-console-'));
  try {
    const { service, seconds } = await started(await estateDirectory(folder, crowdFirstImage));
    await using _service = service;
    await using browser = await openBrowser();
    console.log(`estate at scale ${scale}, ready after ${seconds.toFixed(1)} s`);
    const native = nativeClient(service.host);
    const made = await native('POST', '/users', person);
    await native('PUT', `/users/${made.body.id}/grants`, { grants: [{ policy: 'owner', projects: 'all' }] });
    const counted = async () => (await native('GET', '/advisories')).body.recounting;
    await until('everything is counted', counted, (recounting) => recounting === false, 10 * minutes);
    const url = `http://${service.host}`;
    const { page, context } = await watchedPage(browser);
    await page.goto(url);
    await signIn(page, person);
    const signedIn = await context.storageState();
    await context.close();
    if (parts.includes('load')) {
      console.log(`\nfirst load, load ${load()}`);
      await firstLoads(browser, url, join(root, 'console/dist'), signedIn);
    }
    if (parts.includes('lists')) {
      console.log(`\nlong lists, load ${load()}`);
      await longLists(browser, url, { native, signedIn });
    }
    if (parts.includes('exports')) {
      console.log(`\nlarge export, load ${load()}`);
      await largeExport(browser, url, { native, signedIn });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (browserMissing) console.log(browserMissing);
else {
  needsBuiltConsole();
  if (parts.some((part) => part !== 'progress')) await overEstate();
  if (parts.includes('progress')) {
    console.log(`\nprogress, load ${load()}`);
    await using browser = await openBrowser();
    await progressLag(browser);
  }
}
